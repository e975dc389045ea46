package dev.sevenfold.backup.system;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * What of the trees of a system the host wants left out. A pattern without a slash is the name of a
 * file or a folder wherever it is; one with a slash is a path below a tree. Immutable.
 */
public final class Excluded {

  /** What a file system keeps in its root for itself, and for root alone. */
  public static final Excluded DEFAULT = new Excluded(List.of("lost+found"));

  private final List<String> patterns;
  private final List<PathMatcher> names = new ArrayList<>();
  private final List<PathMatcher> paths = new ArrayList<>();

  private Excluded(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
    for (String pattern : patterns) {
      String plain = pattern.replaceFirst("^/+", "").replaceFirst("/+$", "");
      (pattern.startsWith("/") || plain.contains("/") ? paths : names).add(matcher(plain));
    }
  }

  /**
   * This, and one more.
   *
   * @throws IllegalArgumentException if the pattern is none, or would leave everything out
   */
  public Excluded and(String pattern) {
    List<String> all = new ArrayList<>(patterns);
    all.add(pattern);
    return new Excluded(all);
  }

  private static PathMatcher matcher(String pattern) {
    if (pattern.isBlank() || pattern.matches("\\**") || pattern.startsWith("../")) {
      throw new IllegalArgumentException(
          "The pattern \"" + pattern + "\" names no file or folder of a tree");
    }
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "The pattern \"%s\" cannot be read: %s".formatted(pattern, e.getDescription()), e);
    }
  }

  /** Whether it matches a path below a tree, that of a folder for all that is in it. */
  boolean matches(Path below) {
    Path name = below.getFileName();
    return names.stream().anyMatch(each -> each.matches(name))
        || paths.stream().anyMatch(each -> each.matches(below));
  }
}
