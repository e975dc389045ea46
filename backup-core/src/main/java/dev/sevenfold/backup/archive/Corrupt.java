package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import org.jspecify.annotations.Nullable;

/** The advice that there is about an archive that fails a check. */
final class Corrupt {

  private static final String ADVICE =
      "Nothing of it can be trusted; use another archive, or fetch this one again";

  private Corrupt() {}

  static ArchiveCorrupt archive(String what) {
    return archive(what, null);
  }

  /** Of an archive that says that a key signed it which did not. */
  static ArchiveCorrupt signature(String id) {
    return new ArchiveCorrupt(
        "The archive's signature is wrong: the key %s did not sign this manifest".formatted(id),
        ADVICE + ". Where another secret was put under this id, bring the former one back",
        null);
  }

  static ArchiveCorrupt archive(String what, @Nullable Throwable cause) {
    return new ArchiveCorrupt(what, ADVICE, cause);
  }
}
