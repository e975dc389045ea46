package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.ServiceBuilder;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.cli.config.OpenStore;
import dev.sevenfold.backup.cli.config.SystemSettings;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sets the library up as the config file says. */
public final class Services {

  private Services() {}

  /** The store alone: all that a new machine has. */
  public static BackupCatalog store(Config config, List<BackupListener> listeners) {
    OpenStore store = open(config);
    return set(BackupCatalog.of(store.store()), config, store, listeners)
        .retention(config.retention())
        .verifier(verifier(config))
        .build();
  }

  /** The tenants of the database, and the store. */
  public static BackupService tenants(Config config, List<BackupListener> listeners) {
    SqliteTenantSource source = source(config);
    return tenantsBuilder(source, config, open(config), listeners).build();
  }

  /**
   * The tenants of the database, the store, and the system if the config has one: in the same
   * store, so that there is one connection, and one list is of both.
   */
  public static BackupService everything(Config config, List<BackupListener> listeners) {
    SqliteTenantSource source = source(config);
    OpenStore store = open(config);
    BackupService.Builder builder = tenantsBuilder(source, config, store, listeners);
    if (config.system().isPresent()) {
      SystemSource system = Systems.source(config);
      builder.system(restoredBuilder(config, store, listeners).source(system));
    }
    return builder.build();
  }

  /** What is to be said of the tables of the database; opens no store. */
  public static SuggestedModel suggest(Config config, List<Path> files, Progress progress) {
    try (SqliteTenantSource source = source(config)) {
      return source.suggest(files, progress);
    } catch (InvalidTenantModel e) {
      throw new ConfigException(config.file() + ", key tenants: " + e.what(), e.advice(), e);
    }
  }

  private static BackupService.Builder tenantsBuilder(
      SqliteTenantSource source, Config config, OpenStore store, List<BackupListener> listeners) {
    return set(BackupService.builder(source, store.store()), config, store, listeners)
        .retention(config.retention());
  }

  private static SqliteTenantSource source(Config config) {
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
    config.placesBesideTenants().forEach(source::own);
    return source.build();
  }

  /** The system to back up, and the store. */
  public static SystemBackups system(Config config, List<BackupListener> listeners) {
    SystemSource source = Systems.source(config);
    return restoredBuilder(config, open(config), listeners).source(source).build();
  }

  /** The store, to put the system back from. */
  public static SystemBackups systemRestore(Config config, List<BackupListener> listeners) {
    return restoredBuilder(config, open(config), listeners).build();
  }

  private static SystemBackups.Builder restoredBuilder(
      Config config, OpenStore store, List<BackupListener> listeners) {
    SystemBackups.Builder builder =
        set(SystemBackups.builder(store.store()), config, store, listeners)
            .verifier(verifier(config));
    config.system().flatMap(SystemSettings::retention).ifPresent(builder::retention);
    config.ownPlaces().forEach(builder::own);
    return builder;
  }

  /** Verifies archives with what the config says; the native library is loaded when it is used. */
  public static ArchiveVerifier verifier(Config config) {
    return ArchiveVerifier.of(
        (staged, progress) -> prepared(config).verify(staged, progress),
        (staged, progress) -> prepared(config).verify(staged, progress));
  }

  private static SqliteVerifier prepared(Config config) {
    NativeLibrary.prepare(config);
    return SqliteVerifier.customizedBy(NativeLibrary.extensions(config));
  }

  private static OpenStore open(Config config) {
    NativeLibrary.place(config);
    return config.openStore();
  }

  private static <B extends ServiceBuilder<B>> B set(
      B builder, Config config, OpenStore store, List<BackupListener> listeners) {
    builder.labeler(TenantLabeler.in(config.zone())).compression(config.compression());
    config
        .signing()
        .keys()
        .ifPresent(config.signing().required() ? builder::signing : builder::recognising);
    store.retention().forEach(builder::retention);
    config.scratch().ifPresent(builder::scratch);
    listeners.forEach(builder::listener);
    return builder;
  }
}
