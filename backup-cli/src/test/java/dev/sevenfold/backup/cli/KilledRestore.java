package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Interposed;
import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that restores a tenant of a {@link Shop} in place and dies on the way, without a chance
 * to tidy up.
 *
 * <p>Arguments: the config, the label, what it asks of the store when it dies.
 */
final class KilledRestore {

  /** The safety archive was published, and nothing is restored yet. */
  static final String BEFORE_THE_COMMIT = "publish";

  /** All is restored, and the safety archive is not yet the one to undo with. */
  static final String AFTER_THE_COMMIT = "record";

  private static final int KILLED = 137;

  private KilledRestore() {}

  public static void main(String[] args) {
    Config config = Config.read(Path.of(args[0]));
    Label label = Label.parse(args[1]);
    BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(config.requireDatabase(), config.requireTenants())
                    .build(),
                dyingAt(args[2], config.openStore().store()))
            .build();
    service.restore(label.tenant().orElseThrow(), label);
  }

  /** Runs the process until it is dead. */
  static void run(Shop shop, String label, String at) throws IOException, InterruptedException {
    Process process =
        Jvm.of(KilledRestore.class, shop.config().toString(), label, at).inheritIO().start();
    if (process.waitFor() != KILLED) {
      throw new AssertionError("It lived: " + process.exitValue());
    }
  }

  private static ArchiveStore dyingAt(String what, ArchiveStore store) {
    return Interposed.before(
        store,
        ArchiveStore.class,
        call -> {
          if (call.is(what) && what.equals(AFTER_THE_COMMIT)) {
            Runtime.getRuntime().halt(KILLED);
          }
          Object answer = call.proceed();
          if (call.is(what)) {
            Runtime.getRuntime().halt(KILLED);
          }
          return answer;
        });
  }
}
