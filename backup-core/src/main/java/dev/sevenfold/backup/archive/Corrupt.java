package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import org.jspecify.annotations.Nullable;

/** The one piece of advice that there is about an archive that fails a check. */
final class Corrupt {

  private static final String ADVICE =
      "Nothing of it can be trusted; use another archive, or fetch this one again";

  private Corrupt() {}

  static ArchiveCorrupt archive(String what) {
    return archive(what, null);
  }

  static ArchiveCorrupt archive(String what, @Nullable Throwable cause) {
    return new ArchiveCorrupt(what, ADVICE, cause);
  }
}
