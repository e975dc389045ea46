package dev.sevenfold.backup.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

  @TempDir Path folder;

  @Test
  void what_ends_with_a_session_is_closed_once_after_its_connection_in_the_order_it_came()
      throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.sqlite3"));
    List<String> closed = new ArrayList<>();
    Session session = Session.open(() -> connection, Duration.ofSeconds(1));
    session.alsoClose(() -> closed.add("first, connection closed: " + connection.isClosed()));
    session.alsoClose(() -> closed.add("second"));

    session.close();
    session.close();

    assertThat(closed).containsExactly("first, connection closed: true", "second");
  }

  @Test
  void what_cannot_be_closed_is_told_and_keeps_nothing_else_open() throws SQLException {
    List<String> closed = new ArrayList<>();
    Session session = Session.scratch(folder.resolve("a.sqlite3"));
    session.alsoClose(
        () -> {
          throw new SQLException("lost");
        });
    session.alsoClose(() -> closed.add("second"));

    assertThatThrownBy(session::close).isInstanceOf(SQLException.class).hasMessage("lost");
    assertThat(closed).containsExactly("second");
  }
}
