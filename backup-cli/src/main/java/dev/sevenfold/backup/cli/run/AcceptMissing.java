package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.source.BackupOptions;
import picocli.CommandLine.Option;

/** The consent to what looks like a disk that is not mounted. */
public final class AcceptMissing {

  @Option(
      names = "--accept-missing",
      description =
          "For this run: back up what there is, also where a folder of files is not there or empty,"
              + " most files are gone, or a database has no table.")
  boolean accepted;

  /** What was consented to. */
  public BackupOptions options() {
    return accepted ? BackupOptions.DEFAULT.acceptingMissing() : BackupOptions.DEFAULT;
  }
}
