package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.RestoreRefused;
import java.util.List;

/**
 * Where a whole system is put back: an empty folder of a bare machine, or the folder of a system
 * that is bruised. Whatever happens on the way, the folder holds either what it held before or the
 * restored system, whole; a restore that was killed is completed or reverted by {@link #recover}.
 *
 * <p>The system must not be running meanwhile. Thread-safe; of two restores into one folder the
 * second is refused.
 */
public interface SystemTarget {

  /** Where the system goes, for people. Holds no secret. */
  String describe();

  /**
   * Works out what it takes to put a system with this manifest here, and changes nothing.
   *
   * @throws RestoreRefused if the archive is not one of a system
   */
  SystemRestore prepare(ArchiveManifest manifest);

  /**
   * As {@link #prepare(ArchiveManifest)}, for a caller who knows where backups themselves live:
   * what is there stays as it is, wherever it lies and whatever the archive has of it. A target
   * that does not override this does not know them.
   *
   * @param own the store, the scratch folder, keys; they need not be in this place
   * @throws RestoreRefused if the archive is not one of a system
   */
  default SystemRestore prepare(ArchiveManifest manifest, List<OwnPlace> own) {
    return prepare(manifest);
  }

  /**
   * Completes or reverts what a restore left behind that was killed. Call it before the system
   * starts.
   *
   * @return what was found and done, one sentence each; empty if all was well
   * @throws RestoreRefused if the system is running, or another restore is
   */
  List<String> recover();
}
