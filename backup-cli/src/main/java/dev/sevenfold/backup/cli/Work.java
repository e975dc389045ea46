package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Function;

/**
 * Lends the library to a piece of work, with progress on a terminal. The progress is gone, and
 * everything closed, when the work returns.
 *
 * @param shell where the progress is shown
 */
record Work(Shell shell) {

  /** Works with the database and the store. */
  <T> T withDatabase(Config config, Function<BackupService, T> work) {
    return withDatabase(config, new BackupListener() {}, work);
  }

  /** Works with the database and the store; {@code listener} may print while the work goes on. */
  <T> T withDatabase(Config config, BackupListener listener, Function<BackupService, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        BackupService backups =
            Services.ofDatabase(config, List.of(progress, new Notices(shell), listener))) {
      return work.apply(backups);
    } catch (InvalidTenantModel e) {
      throw new ConfigException(config.file() + ", key tenants: " + e.what(), e.advice(), e);
    }
  }

  /** Works with the database, the store, and the system if there is one; shows no progress. */
  <T> T withEverything(Config config, BackupListener listener, Function<BackupService, T> work) {
    try (BackupService backups =
        Services.ofEverything(config, List.of(new Notices(shell), listener))) {
      return work.apply(backups);
    } catch (InvalidTenantModel e) {
      throw new ConfigException(config.file() + ", key tenants: " + e.what(), e.advice(), e);
    }
  }

  /** Works with the store, and leaves the database alone. */
  <T> T withStore(Config config, Function<BackupService, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        BackupService backups = Services.ofStore(config, List.of(progress, new Notices(shell)))) {
      return work.apply(backups);
    }
  }

  /** Completes or reverts restores of tenants that were killed, where the config has tenants. */
  void recoverTenants(Config config) {
    if (config.hasTenants() && Files.isRegularFile(config.requireDatabase())) {
      // Whoever opens the service has it done.
      withDatabase(config, backups -> true);
    }
  }

  /** Works with the system and the store. */
  <T> T withSystem(Config config, Function<SystemBackups, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        SystemBackups backups = Systems.ofSystem(config, List.of(progress, new Notices(shell)))) {
      return work.apply(backups);
    }
  }

  /** Works with the store, for the whole system. */
  <T> T withSystemStore(Config config, Function<SystemBackups, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        SystemBackups backups = Systems.ofStore(config, List.of(progress, new Notices(shell)))) {
      return work.apply(backups);
    }
  }

  /** Works with neither database nor store, for an archive of the whole system. */
  <T> T withNoSystem(Function<SystemBackups, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        SystemBackups backups =
            SystemBackups.builder(new InMemoryArchiveStore()).listener(progress).build()) {
      return work.apply(backups);
    }
  }

  /** Works with neither database nor store. */
  <T> T withNothing(Function<BackupService, T> work) {
    try (ProgressLine progress = new ProgressLine(shell);
        BackupService backups = Services.ofNothing(progress)) {
      return work.apply(backups);
    }
  }

  /** Tells what an earlier command left to tidy up that was killed. */
  private record Notices(Shell shell) implements BackupListener {
    @Override
    public void recovered(String what) {
      shell.complain("sevenfold: note: " + what);
    }

    @Override
    public void archiveFindings(Label label, List<String> findings) {
      findings.forEach(finding -> shell.warn(label + ": " + finding));
    }

    @Override
    public void placeUnavailable(StoreUnavailable outage) {
      shell.warn(outage.what());
    }
  }
}
