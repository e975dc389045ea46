package dev.sevenfold.backup.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Keeps archives as files of one folder of this machine, on a disk of its own if you can; see
 * {@link FolderArchiveStore}. Thread-safe, and safe with other processes that use the same folder.
 *
 * <p>Files are created with mode {@code 600}, the folder, if it is missing, with {@code 700}. It
 * may be a symbolic link. What killed processes have left is removed a day later, at a publish.
 */
public final class DirectoryArchiveStore extends FolderArchiveStore {

  /** Longer than anybody is at work on a label who is alive. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LEFTOVER_AGE = Duration.ofHours(24);

  private DirectoryArchiveStore(Folder folder, Duration patience) {
    super(folder, patience, LEFTOVER_AGE);
  }

  /** A store in this folder, which is created when the first archive is published. */
  public static DirectoryArchiveStore at(Path folder) {
    return at(folder, Clock.systemUTC());
  }

  /** As {@link #at(Path)}; {@code clock} tells how old the leftovers of killed uploads are. */
  public static DirectoryArchiveStore at(Path folder, Clock clock) {
    return at(folder, clock, PATIENCE);
  }

  /** As {@link #at(Path, Clock)}; {@code patience} is for others who are at work on a label. */
  static DirectoryArchiveStore at(Path folder, Clock clock, Duration patience) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(clock, "clock");
    return new DirectoryArchiveStore(new LocalFolder(folder, clock, Clock.systemUTC()), patience);
  }
}
