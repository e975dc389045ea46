package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's files looked like when it was made, as far as a look at each tells: whether the
 * tenant's people have changed one since. Immutable.
 */
public final class FileStamps {

  private record Stamp(long size, Object modified, @Nullable Object key) {}

  private final Map<Path, @Nullable Stamp> stamps;

  private FileStamps(Map<Path, @Nullable Stamp> stamps) {
    this.stamps = stamps;
  }

  /** Of the files that a plan replaces, removes and makes. */
  public static FileStamps of(FilePlan plan) {
    Map<Path, @Nullable Stamp> stamps = new HashMap<>();
    Stream.concat(plan.writes().stream().map(FilePlan.Write::target), plan.removes().stream())
        .forEach(file -> stamps.put(file, stamp(file)));
    return new FileStamps(stamps);
  }

  /** Whether they all look as they did. */
  public boolean areCurrent() {
    return stamps.entrySet().stream()
        .allMatch(file -> Objects.equals(file.getValue(), stamp(file.getKey())));
  }

  private static @Nullable Stamp stamp(Path file) {
    try {
      BasicFileAttributes now = DurableFiles.attributes(file);
      return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
    } catch (IOException e) {
      // Not there; what may not be looked at is a conflict in the plan.
      return null;
    }
  }
}
