package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.cli.config.OpenStore;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sets the library up as the config file says. */
final class Services {

  private Services() {}

  /** The database and the store. */
  static BackupService ofDatabase(Config config, List<BackupListener> listeners) {
    return parts(config, source(config), listeners).build();
  }

  /** The store, the tenants of the database if the config has any, and the system if it does. */
  static BackupService ofEverything(Config config, List<BackupListener> listeners) {
    TenantSource tenants = config.hasTenants() ? source(config) : NoDatabase.of(config);
    BackupService.Builder builder = parts(config, tenants, listeners);
    if (config.system().isPresent()) {
      builder.system(Systems.parts(config, listeners));
    }
    return builder.build();
  }

  private static TenantSource source(Config config) {
    Path database = config.requireDatabase();
    if (!Files.isRegularFile(database)) {
      throw new ConfigException(
          config.file() + ": there is no database file " + database, "Correct the key database");
    }
    NativeLibrary.prepare(config);
    SqliteTenantSource.Builder source =
        SqliteTenantSource.builder(database, config.requireTenants())
            .busyTimeout(config.busyTimeout())
            .customize(NativeLibrary.extensions(config));
    config.ownPlaces().forEach(source::own);
    return source.build();
  }

  /** The store alone. */
  static BackupService ofStore(Config config, List<BackupListener> listeners) {
    return parts(config, NoDatabase.of(config), listeners).build();
  }

  /** Neither database nor store: enough to look into a file. */
  static BackupService ofNothing(BackupListener listener) {
    return BackupService.builder(NoDatabase.plain(), new InMemoryArchiveStore())
        .listener(listener)
        .build();
  }

  private static BackupService.Builder parts(
      Config config, TenantSource source, List<BackupListener> listeners) {
    NativeLibrary.place(config);
    OpenStore store = config.openStore();
    BackupService.Builder builder =
        BackupService.builder(source, store.store())
            .retention(config.retention())
            .labeler(TenantLabeler.in(config.zone()))
            .compression(config.compression());
    store.places().forEach(builder::retention);
    config.scratch().ifPresent(builder::scratch);
    listeners.forEach(builder::listener);
    return builder;
  }
}
