import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/** Runs SQL on a SQLite file, for who has no sqlite3: a file of statements, or one statement. */
public final class Sql {

  private Sql() {}

  /**
   * Runs it, all or nothing, and prints what it selects, or how many rows it changed.
   *
   * @param arguments the database, and a file whose name ends in {@code .sql}, or a statement
   * @throws Exception if a statement fails
   */
  public static void main(String[] arguments) throws Exception {
    String what = arguments[1];
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      if (what.endsWith(".sql")) {
        for (String each : Files.readString(Path.of(what)).split(";\\s*\n")) {
          statement.execute(each);
        }
      } else if (statement.execute(what)) {
        print(statement.getResultSet());
      } else {
        System.out.println(statement.getUpdateCount() + " rows changed");
      }
      connection.commit();
    }
  }

  private static void print(ResultSet rows) throws SQLException {
    while (rows.next()) {
      StringJoiner line = new StringJoiner("|");
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        line.add(rows.getString(i));
      }
      System.out.println(line);
    }
  }
}
