package dev.sevenfold.backup.link;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * What is known of links, in a SQLite database: a file of its own, or tables beside the host's,
 * whose names begin with {@code sevenfold_link}. The tables are made when it is opened. Several
 * processes of one machine may share the database.
 *
 * <p>Every call has a connection of its own, and every change is one statement. Thread-safe.
 */
public final class SqliteLinkStore implements LinkStore {

  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final SqliteConnections connections;

  private SqliteLinkStore(String name, SqliteConnections connections) {
    this.name = name;
    this.connections = connections;
    update(
        """
        CREATE TABLE IF NOT EXISTS sevenfold_link_revoked (
          link TEXT PRIMARY KEY
        ) STRICT, WITHOUT ROWID
        """);
    update(
        """
        CREATE TABLE IF NOT EXISTS sevenfold_link_round (
          tenant TEXT PRIMARY KEY,
          round INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """);
    update(
        """
        CREATE TABLE IF NOT EXISTS sevenfold_link_download (
          link TEXT PRIMARY KEY,
          downloads INTEGER NOT NULL,
          expires_at INTEGER NOT NULL  -- seconds since 1970
        ) STRICT, WITHOUT ROWID
        """);
  }

  /**
   * Opens a database file, which is made if there is none.
   *
   * @throws StoreUnavailable if it cannot be opened
   */
  public static SqliteLinkStore open(Path file) {
    try {
      FileOwners.createInFolder(file);
    } catch (IOException e) {
      throw new StoreUnavailable(
          "The links in the SQLite database " + file + " could not be opened: " + e.getMessage(),
          "Check that its folder is there and can be written to",
          e);
    }
    // A revocation that was answered must survive a power cut.
    return new SqliteLinkStore(
        "SQLite database " + file, SqliteConnections.toDurable(file, BUSY_TIMEOUT));
  }

  /**
   * Uses the host's connections to a SQLite database, one for each call; they commit by themselves
   * and have a busy timeout, or calls fail where others write.
   *
   * @throws StoreUnavailable if there is no connection, or it is not one to SQLite
   */
  public static SqliteLinkStore using(DataSource connections) {
    return new SqliteLinkStore(
        "SQLite database of the host",
        SqliteConnections.from(Objects.requireNonNull(connections, "connections")));
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public State state(LinkId id, TenantId tenant) {
    return query(
        """
        SELECT EXISTS (SELECT 1 FROM sevenfold_link_revoked WHERE link = ?1) AS revoked,
          coalesce((SELECT downloads FROM sevenfold_link_download WHERE link = ?1), 0) AS downloads,
          coalesce((SELECT round FROM sevenfold_link_round WHERE tenant = ?2), 0) AS round
        """,
        row -> new State(row.getBoolean("revoked"), row.getInt("downloads"), row.getLong("round")),
        id.value(),
        tenant.value());
  }

  @Override
  public long round(TenantId tenant) {
    return query(
        "SELECT coalesce((SELECT round FROM sevenfold_link_round WHERE tenant = ?), 0) AS round",
        row -> row.getLong("round"),
        tenant.value());
  }

  @Override
  public void revoke(LinkId id) {
    update("INSERT OR IGNORE INTO sevenfold_link_revoked (link) VALUES (?)", id.value());
  }

  @Override
  public void revokeAll(TenantId tenant) {
    update(
        """
        INSERT INTO sevenfold_link_round (tenant, round) VALUES (?, 1)
        ON CONFLICT (tenant) DO UPDATE SET round = round + 1
        """,
        tenant.value());
  }

  @Override
  public boolean count(LinkId id, int most, Instant expiresAt) {
    if (most < 1) {
      return false;
    }
    return update(
            """
            INSERT INTO sevenfold_link_download (link, downloads, expires_at) VALUES (?, 1, ?)
            ON CONFLICT (link) DO UPDATE SET downloads = downloads + 1 WHERE downloads < ?
            """,
            id.value(),
            expiresAt.getEpochSecond(),
            most)
        == 1;
  }

  @Override
  public void forgetCounts(Instant instant) {
    update("DELETE FROM sevenfold_link_download WHERE expires_at < ?", instant.getEpochSecond());
  }

  /** Runs a statement whose values are bound. */
  @FunctionalInterface
  private interface Running<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  private <T> T query(String query, Session.Row<T> reader, Object... values) {
    return run(
        query,
        statement -> {
          try (ResultSet row = statement.executeQuery()) {
            row.next();
            return reader.read(row);
          }
        },
        values);
  }

  private int update(String statement, Object... values) {
    return run(statement, PreparedStatement::executeUpdate, values);
  }

  private <T> T run(String sql, Running<T> running, Object... values) {
    try (Connection connection = connections.open();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return running.run(statement);
    } catch (SQLException e) {
      throw new StoreUnavailable(
          "The links in the " + name + " could not be read or written: " + e.getMessage(),
          "Check that it is a SQLite database, that its folder can be written, and who locks it",
          e);
    }
  }
}
