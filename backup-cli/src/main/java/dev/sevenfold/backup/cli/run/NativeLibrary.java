package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.sqlite.SqliteExtensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where native libraries, SQLite's and zstd's, and SQLite's own temporary files go while a command
 * runs: the folder that a Java option names ({@code -Dorg.sqlite.tmpdir}, {@code
 * -DZstdTempFolder}), else the scratch folder of the config, else the system's temporary one. This
 * program is nobody's host, so it may decide that for its whole process.
 */
public final class NativeLibrary {

  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String ZSTD_FOLDER = "ZstdTempFolder";
  private static final String DRIVER_LOG = "org.slf4j.simpleLogger.log.org.sqlite";

  /** More than the native library has. */
  private static final int LIBRARY_BYTES = 4 << 20;

  /** The folder that an earlier command of this process named. */
  private static @Nullable String placed;

  private NativeLibrary() {}

  /** Lets the driver tell what it meets, stack traces included. To be called before it is used. */
  public static void logWhenDebugging(String... arguments) {
    if (List.of(arguments).contains("--debug")) {
      System.setProperty(DRIVER_LOG, "warn");
    }
  }

  /** Names the folders, before anything is loaded. What Java's options name stays. */
  public static synchronized void place(Config config) {
    if (config.scratch().isEmpty()) {
      return;
    }
    Path scratch = config.scratch().get();
    try {
      // zstd makes no folder.
      Files.createDirectories(scratch);
    } catch (IOException e) {
      // Nothing can be put there: whatever opens a database says so, and a list opens none.
      return;
    }
    for (String property : List.of(FOLDER, ZSTD_FOLDER)) {
      @Nullable String named = System.getProperty(property);
      if (named == null || named.equals(placed)) {
        System.setProperty(property, scratch.toString());
      }
    }
    placed = scratch.toString();
  }

  /**
   * Sees to it that a database can be opened, with the extensions of the config.
   *
   * @throws OperationFailed if the library could not be put anywhere, or not be loaded from there
   * @throws ConfigException if an extension cannot be loaded
   */
  public static void prepare(Config config) {
    place(config);
    Path scratch = config.scratch().orElse(Path.of(System.getProperty("java.io.tmpdir")));
    @Nullable String named = System.getProperty(FOLDER);
    Path folder = named == null || named.equals(placed) ? scratch : Path.of(named);
    requireRoom(folder, 0);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      if (config.scratch().isPresent()) {
        keepTemporaryFilesIn(folder, connection);
      }
      load(config, connection);
    } catch (SQLException e) {
      // The driver says of a full disk only that there is no library.
      requireRoom(folder, LIBRARY_BYTES);
      throw cannotLoad(folder, e);
    }
  }

  /** Every connection of this process follows; SQLite itself reads an environment variable only. */
  private static void keepTemporaryFilesIn(Path folder, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "PRAGMA temp_store_directory = '" + folder.toString().replace("'", "''") + "'");
    }
  }

  private static void load(Config config, Connection connection) {
    try {
      extensions(config).customize(connection);
    } catch (SQLException e) {
      throw new ConfigException(
          config.file() + ", key extensions: " + e.getMessage(),
          "Write the path of an extension that was built for this machine",
          e);
    }
  }

  /** What each connection of the library is given. */
  public static ConnectionCustomizer extensions(Config config) {
    return SqliteExtensions.loading(config.extensions());
  }

  private static void requireRoom(Path folder, int bytes) {
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, "sevenfold-", ".tmp");
      try {
        Files.write(probe, new byte[bytes]);
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      throw cannotLoad(folder, e);
    }
  }

  private static OperationFailed cannotLoad(Path folder, Exception e) {
    return new OperationFailed(
        "SQLite's native library cannot be put into the folder %s and loaded from there: %s"
            .formatted(folder, e.getCause() == null ? e : e.getCause()),
        "Write the key scratch into the config: a folder that this user may write to, on a file"
            + " system that has room for it and is not mounted noexec",
        e);
  }
}
