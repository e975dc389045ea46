package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.cli.config.OpenStore;
import dev.sevenfold.backup.cli.config.SystemSettings;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteSystemTarget;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Sets the system's side of the library up as the config file says. */
final class Systems {

  private Systems() {}

  /** The store, and the system to back up. */
  static SystemBackups ofSystem(Config config, List<BackupListener> listeners) {
    return parts(config, listeners).build();
  }

  /** As {@link #ofSystem}, to be built as a part of a service for tenants. */
  static SystemBackups.Builder parts(Config config, List<BackupListener> listeners) {
    SystemSettings system = require(config);
    NativeLibrary.prepare(config);
    SqliteSystemSource.Builder source =
        SqliteSystemSource.builder()
            .busyTimeout(config.busyTimeout())
            .customize(NativeLibrary.extensions(config));
    system.databases().forEach(source::database);
    system.files().forEach(source::tree);
    system.rebuilt().forEach(source::rebuilt);
    return builder(config, listeners).source(build(config, source));
  }

  private static SystemSource build(Config config, SqliteSystemSource.Builder source) {
    try {
      return source.build();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          config.file() + ", key system: " + e.getMessage(), "Correct the paths there", e);
    }
  }

  /** The store alone: all that a new machine has. */
  static SystemBackups ofStore(Config config, List<BackupListener> listeners) {
    return builder(config, listeners)
        .verifier(
            (staged, progress) -> {
              NativeLibrary.prepare(config);
              return SqliteVerifier.customizedBy(NativeLibrary.extensions(config))
                  .verify(staged, progress);
            })
        .build();
  }

  private static SystemBackups.Builder builder(Config config, List<BackupListener> listeners) {
    NativeLibrary.place(config);
    OpenStore store = config.openStore();
    SystemBackups.Builder builder =
        SystemBackups.builder(store.store())
            .labeler(TenantLabeler.in(config.zone()))
            .compression(config.compression());
    store.places().forEach(builder::retention);
    config.system().flatMap(SystemSettings::retention).ifPresent(builder::retention);
    config.scratch().ifPresent(builder::scratch);
    config.ownPlaces().forEach(builder::own);
    listeners.forEach(builder::listener);
    return builder;
  }

  /** Where the system is put back. */
  static SqliteSystemTarget.Builder target(Config config, Path into) {
    NativeLibrary.prepare(config);
    SqliteSystemTarget.Builder target =
        SqliteSystemTarget.builder(into).customize(NativeLibrary.extensions(config));
    config
        .system()
        .flatMap(SystemSettings::mode)
        .ifPresent(mode -> target.databaseMode(permissions(mode)));
    return target;
  }

  static SystemSettings require(Config config) {
    return config
        .system()
        .orElseThrow(
            () ->
                new ConfigException(
                    config.file() + ": the key system is missing",
                    "Say what the system is made of: system: {databases: {primary: app.sqlite3}}"));
  }

  private static Set<PosixFilePermission> permissions(String octal) {
    int bits = Integer.parseInt(octal, 8);
    // The constants are declared from the owner's right to read down to the others' to execute.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((bits & (1 << (all.length - 1 - i))) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
