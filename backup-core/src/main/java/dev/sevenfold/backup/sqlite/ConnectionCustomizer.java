package dev.sevenfold.backup.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/**
 * Gives a connection what the host's schema needs: functions, collations, modules, tokenizers.
 * Called with each connection that the library opens itself, to the live database and to scratch
 * ones. Must be thread-safe.
 */
@FunctionalInterface
public interface ConnectionCustomizer {

  /** Registers what is needed, and leaves the connection open. */
  void customize(Connection connection) throws SQLException;

  /** Adds nothing. */
  static ConnectionCustomizer none() {
    return connection -> {};
  }

  /** Loads these SQLite extensions, in this order. SQL itself can load none. */
  static ConnectionCustomizer loading(List<Path> extensions) {
    List<Path> files =
        extensions.stream().map(file -> Objects.requireNonNull(file).toAbsolutePath()).toList();
    return connection -> {
      for (Path file : files) {
        load(connection, file);
      }
    };
  }

  private static void load(Connection connection, Path file) throws SQLException {
    DB database = connection.unwrap(SQLiteConnection.class).getDatabase();
    database.enable_load_extension(true);
    try (PreparedStatement load = connection.prepareStatement("SELECT load_extension(?)")) {
      load.setString(1, file.toString());
      load.execute();
    } catch (SQLException e) {
      throw new SQLException(
          "The SQLite extension " + file + " cannot be loaded: " + e.getMessage(),
          e.getSQLState(),
          e.getErrorCode(),
          e);
    } finally {
      database.enable_load_extension(false);
    }
  }
}
