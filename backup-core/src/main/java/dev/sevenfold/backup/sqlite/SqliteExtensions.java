package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.source.ConnectionCustomizer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/** Extensions of SQLite in files of their own: modules, tokenizers, functions. */
public final class SqliteExtensions {

  private SqliteExtensions() {}

  /** Loads these, in this order, into each connection. SQL itself can load none. */
  public static ConnectionCustomizer loading(List<Path> extensions) {
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
