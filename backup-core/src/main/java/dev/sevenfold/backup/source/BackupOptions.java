package dev.sevenfold.backup.source;

/**
 * How one backup is gone about. Immutable.
 *
 * @param acceptMissing whether to go on where a disk seems not to be mounted: a folder of files
 *     that is not there or has nothing in it, most of the files gone that the backup before had, a
 *     database without tables. For one run, by somebody who knows why
 */
public record BackupOptions(boolean acceptMissing) {

  /** Refuses what looks like a disk that is not mounted. */
  public static final BackupOptions DEFAULT = new BackupOptions(false);

  /** These options, backing up what there is, also where a disk seems not to be mounted. */
  public BackupOptions acceptingMissing() {
    return new BackupOptions(true);
  }
}
