package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/** The time at which a file was written to last. */
public final class FileTimes {

  private FileTimes() {}

  /** Sets it, as exactly as Java and the file system can; does nothing without a time. */
  public static void set(Path file, Optional<Instant> modified) throws IOException {
    if (modified.isPresent()) {
      Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(FileTime.from(modified.get()), null, null);
    }
  }
}
