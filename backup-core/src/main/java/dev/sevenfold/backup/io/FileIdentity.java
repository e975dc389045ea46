package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tells which paths are one file, as the file system sees it: by links to folders, by another
 * mount, and in another case or another Unicode normalisation where the file system makes no
 * difference. Two names that a file has as hard links are two: to replace one leaves the other.
 *
 * <p>Remembers what it saw, so that it looks at each folder once. Use from one thread.
 */
public final class FileIdentity {

  /** One file of one folder, under names that a person would take for one. */
  private record Seen(Path folder, Object key, String name) {}

  private final Map<Path, Path> folders = new HashMap<>();
  private final Map<Object, Path> foldersByKey = new HashMap<>();
  private final Map<Seen, Path> files = new HashMap<>();

  /** A path that is the same for every path of the file, whether it is there or not. */
  public Path of(Path path) {
    Path file = path.toAbsolutePath().normalize();
    Path folder = file.getParent();
    if (folder == null) {
      return file;
    }
    Path same = folder(folder);
    Path name = file.getFileName();
    Path plain = same.resolve(name);
    Object key = DurableFiles.key(file, LinkOption.NOFOLLOW_LINKS);
    return key == null
        ? plain
        : files.computeIfAbsent(new Seen(same, key, folded(name.toString())), first -> plain);
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT);
  }

  private Path folder(Path folder) {
    Path known = folders.get(folder);
    if (known == null) {
      known = look(folder);
      folders.put(folder, known);
    }
    return known;
  }

  private Path look(Path folder) {
    Object key = DurableFiles.key(folder);
    if (key != null) {
      return foldersByKey.computeIfAbsent(key, first -> real(folder));
    }
    Path above = folder.getParent();
    // On a file system without keys, what it is really called has to do.
    return above == null || Files.exists(folder)
        ? real(folder)
        : folder(above).resolve(folder.getFileName());
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }
}
