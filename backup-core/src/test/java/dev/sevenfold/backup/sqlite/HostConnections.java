package dev.sevenfold.backup.sqlite;

import dev.sevenfold.testsupport.Interposed;
import dev.sevenfold.testsupport.Interposed.Call;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The connections that a host lends, each statement of which passes by a test. */
final class HostConnections {

  /** Opens a connection. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  /** Has a word in each call of a statement that has a text. */
  @FunctionalInterface
  interface Word {
    /** Answers the call; most often by {@link Call#proceed}. */
    @Nullable Object on(Connection connection, String sql, Call call) throws Throwable;
  }

  private HostConnections() {}

  /** Connections as this opens them. */
  static DataSource of(Opening opening) {
    return of(opening, (connection, sql, call) -> call.proceed());
  }

  /** Connections as this opens them, and whose statements pass by. */
  static DataSource of(Opening opening, Word word) {
    return Interposed.standingFor(DataSource.class, call -> passingBy(opening.open(), word));
  }

  private static Connection passingBy(Connection real, Word word) {
    return Interposed.before(
        real,
        Connection.class,
        call -> {
          Object answer = call.proceed();
          return answer instanceof Statement statement && call.is("createStatement")
              ? Interposed.before(statement, Statement.class, on -> word.on(real, textOf(on), on))
              : answer;
        });
  }

  private static String textOf(Call call) {
    return call.first(String.class).orElse("");
  }

  /** Whether the transaction that is open is a restore's that writes: it alone makes a marker. */
  static boolean isRestoring(Connection connection) throws SQLException {
    return !ask(
            connection,
            "SELECT 1 FROM sqlite_schema WHERE name LIKE 'sevenfold\\_restore\\_%' ESCAPE '\\'")
        .isEmpty();
  }

  /** The first value that a statement gives; empty if it gives none. */
  static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (var row = statement.getResultSet()) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }
}
