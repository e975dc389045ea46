package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.cli.config.SystemSettings;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteSystemTarget;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Sets the system's side of the library up as the config file says. */
public final class Systems {

  private Systems() {}

  /** What is backed up. */
  public static SystemSource source(Config config) {
    SystemSettings system = require(config);
    NativeLibrary.prepare(config);
    SqliteSystemSource.Builder source =
        SqliteSystemSource.builder()
            .busyTimeout(config.busyTimeout())
            .customize(NativeLibrary.extensions(config));
    system.databases().forEach(source::database);
    system.files().forEach(source::tree);
    system.rebuilt().forEach(source::rebuilt);
    try {
      system.exclude().forEach(source::exclude);
      return source.build();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          config.file() + ", key system: " + e.getMessage(), "Correct the paths there", e);
    }
  }

  /** Where the system is put back. */
  public static SqliteSystemTarget.Builder target(Config config, Path into) {
    NativeLibrary.prepare(config);
    SqliteSystemTarget.Builder target =
        SqliteSystemTarget.builder(into).customize(NativeLibrary.extensions(config));
    config
        .system()
        .flatMap(SystemSettings::mode)
        .ifPresent(mode -> target.databaseMode(permissions(mode)));
    return target;
  }

  public static SystemSettings require(Config config) {
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
