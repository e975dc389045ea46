package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;

/**
 * A process that restores tenant 1 of an {@link AttachmentsWorld}, says how far it is, and may be
 * killed at any moment.
 *
 * <p>Arguments: the world's folder, the label.
 */
final class KilledTenantRestore {

  static final String STARTS = "starts";
  static final String MERGES = "merges";

  private KilledTenantRestore() {}

  public static void main(String[] args) {
    Label label = Label.parse(args[1]);
    try (BackupService service =
        AttachmentsWorld.at(Path.of(args[0])).service(new DurableFiles())) {
      say(STARTS);
      service.restore(
          AttachmentsWorld.TENANT, label, RestoreOptions.DEFAULT, KilledTenantRestore::heard);
    }
  }

  private static void heard(String step, Progress.Unit unit, long done, long total) {
    if (step.equals("merge") && done == 0) {
      say(MERGES);
    }
  }

  private static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }
}
