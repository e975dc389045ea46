package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.schema.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;
import org.sqlite.core.DB;

/**
 * One connection for one piece of work, with the settings that the work needs. Gives a lent
 * connection back as it came. Use from one thread.
 */
public final class Session implements AutoCloseable {

  /** SQLite's own name of the database that a connection was opened with. */
  public static final String MAIN = "main";

  /** How long to wait for a database that is nobody's but ours. */
  public static final Duration SCRATCH_TIMEOUT = Duration.ofSeconds(10);

  // 64 MiB of the usual pages: as fast as one single step, and the progress is told in between.
  private static final int COPY_STEP = 16_384;
  private static final int COPY_PAUSE = 10;
  private static final int COPY_PATIENCE = 100;

  // A table may have 2,000 columns, and some statements name its row id beside them.
  private static final int LIMIT_COLUMN = SQLiteLimits.SQLITE_LIMIT_COLUMN.getId();
  private static final int COLUMNS = 32_767;

  // SQLite's own default, in KiB. A file may ask for any number of pages in its header.
  private static final int CACHE = -2_000;

  private static final int SYNCHRONOUS_FULL = 2;
  private static final int SYNCHRONOUS_EXTRA = 3;

  /** Reads one row. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final boolean autoCommit;
  private final Map<String, Long> pragmasBefore = new LinkedHashMap<>();
  private final List<String> attached = new ArrayList<>();
  private boolean inTransaction;
  private boolean closed;
  private int columnsBefore = -1;
  private Closing also = () -> {};

  private Session(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
  }

  /**
   * Takes a connection. Foreign keys and the trust in functions that a schema calls are switched
   * off: a restore plans every reference and every declared action itself.
   */
  public static Session open(SqliteConnections connections, Duration busyTimeout)
      throws SQLException {
    Session session = openTrusting(connections, busyTimeout);
    try {
      session.set("trusted_schema", 0);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Opens a database that is nobody's but ours. */
  public static Session scratch(Path file) throws SQLException {
    return open(SqliteConnections.toScratch(file), SCRATCH_TIMEOUT);
  }

  /**
   * Takes a connection whose schema may call what the host has registered, if the host says so: it
   * is the host's own. What is attached to it may be somebody else's, see {@link #untrusting}.
   */
  public static Session openTrusting(SqliteConnections connections, Duration busyTimeout)
      throws SQLException {
    Connection connection = connections.open();
    try {
      Session session = new Session(connection);
      session.prepare(busyTimeout);
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void prepare(Duration busyTimeout) throws SQLException {
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    set("busy_timeout", SqliteConnections.millis(busyTimeout));
    set("foreign_keys", 0);
    if (hasDatabase()) {
      columnsBefore = limitColumns(-1);
      limitColumns(Math.max(columnsBefore, COLUMNS));
    }
  }

  /** Sets how many columns a statement may have, unless negative; tells how many it might. */
  private int limitColumns(int columns) throws SQLException {
    return database().limit(LIMIT_COLUMN, columns);
  }

  /** What SQLite is called through; only where the connection is its own, or a pool's. */
  DB database() throws SQLException {
    return connection.unwrap(SQLiteConnection.class).getDatabase();
  }

  boolean hasDatabase() throws SQLException {
    return connection.isWrapperFor(SQLiteConnection.class);
  }

  /** Has a database of this connection take no more memory than any other. */
  public void boundCache(String schema) throws SQLException {
    execute(Sql.of("PRAGMA \"{schema}\".cache_size = ", schema) + CACHE);
  }

  /** Changes a setting of the connection until the session ends. */
  public void set(String pragma, long value) throws SQLException {
    long before = queryLong("PRAGMA " + pragma);
    pragmasBefore.putIfAbsent(pragma, before);
    execute("PRAGMA " + pragma + " = " + value);
  }

  /** A piece of work. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** Works while no schema may call what the host has registered. */
  public <T> T untrusting(Work<T> work) throws SQLException {
    long before = queryLong("PRAGMA trusted_schema");
    set("trusted_schema", 0);
    try {
      return work.run();
    } finally {
      set("trusted_schema", before);
    }
  }

  /** Attaches a scratch database, which is made if it is missing. */
  public void attach(String schema, Path file) throws SQLException {
    // The connection may not make files, so that a mistyped path to the live one makes none.
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The scratch database " + file + " could not be made: " + Printable.reason(e),
          "Check the space and the permissions of the scratch folder",
          e);
    }
    attach(schema, file.toAbsolutePath().toString());
  }

  /** Attaches a database that lives as long as the session. */
  public void attachTemporary(String schema) throws SQLException {
    attach(schema, "");
  }

  private void attach(String schema, String file) throws SQLException {
    try (PreparedStatement attach =
        connection.prepareStatement("ATTACH ? AS " + Sql.name(schema))) {
      attach.setString(1, file);
      attach.execute();
    }
    attached.add(schema);
    // Scratch is thrown away after a crash. A journal in memory is kept for statements that fail.
    execute(Sql.of("PRAGMA \"{schema}\".journal_mode = MEMORY", schema));
    execute(Sql.of("PRAGMA \"{schema}\".synchronous = OFF", schema));
    boundCache(schema);
  }

  public void detach(String schema) throws SQLException {
    execute("DETACH " + Sql.name(schema));
    attached.remove(schema);
  }

  /** Whether readers and writers of the database let each other go on. */
  public boolean isWal() throws SQLException {
    return queryText("PRAGMA " + MAIN + ".journal_mode").equalsIgnoreCase("wal");
  }

  /** Has each commit reach the disk before it is answered; before any transaction. */
  public void commitDurably() throws SQLException {
    // With a rollback journal a commit is the deletion of a file, which only EXTRA waits for.
    long wanted = isWal() ? SYNCHRONOUS_FULL : SYNCHRONOUS_EXTRA;
    if (queryLong("PRAGMA synchronous") < wanted) {
      set("synchronous", wanted);
    }
  }

  public boolean isInTransaction() {
    return inTransaction;
  }

  public void begin() throws SQLException {
    begin("BEGIN");
  }

  /** Begins a transaction that holds the write lock from now on. */
  public void beginImmediate() throws SQLException {
    begin("BEGIN IMMEDIATE");
  }

  /**
   * Lets a transaction that has only read write from now on, if nobody else has written since it
   * began, nor is writing.
   */
  public boolean tryLock() throws SQLException {
    // Written as it is: a statement about a table would compile the host's triggers.
    String version = "PRAGMA " + MAIN + ".user_version";
    try {
      execute(version + " = " + queryLong(version));
      return true;
    } catch (SQLException e) {
      if (SqliteErrors.isBusy(e)) {
        return false;
      }
      throw e;
    }
  }

  private void begin(String statement) throws SQLException {
    execute(statement);
    inTransaction = true;
  }

  public void commit() throws SQLException {
    execute("COMMIT");
    inTransaction = false;
  }

  public void rollback() throws SQLException {
    if (inTransaction) {
      inTransaction = false;
      execute("ROLLBACK");
    }
  }

  public void execute(String sql) throws SQLException {
    Interrupts.check();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes a table of ours, in place of one that is there by this name. */
  public void make(String table, String definition) throws SQLException {
    execute("DROP TABLE IF EXISTS " + table);
    execute("CREATE TABLE " + table + ' ' + definition);
  }

  /** Runs a statement that changes rows, and counts them. */
  public long update(String sql, @Nullable Object... values) throws SQLException {
    Interrupts.check();
    try (PreparedStatement statement = bound(sql, values)) {
      return statement.executeLargeUpdate();
    }
  }

  /** The first column of the first row; 0 if there is no row. */
  public long queryLong(String sql, @Nullable Object... values) throws SQLException {
    List<Long> rows = query(sql, row -> row.getLong(1), values);
    return rows.isEmpty() ? 0 : rows.get(0);
  }

  /** Whether a query of rows finds any. */
  public boolean exists(String rows, @Nullable Object... values) throws SQLException {
    return queryLong("SELECT EXISTS (" + rows + ')', values) != 0;
  }

  /** Whether an attached database has a table by this name. */
  public boolean hasTable(String schema, String table) throws SQLException {
    String tables = Sql.name(schema, "sqlite_schema");
    return exists("SELECT 1 FROM " + tables + " WHERE type = 'table' AND name = ?", table);
  }

  /** The texts in the first column. */
  public List<String> texts(String sql, @Nullable Object... values) throws SQLException {
    return query(sql, row -> row.getString(1), values);
  }

  /** The one text that a query answers. */
  public String queryText(String sql, @Nullable Object... values) throws SQLException {
    return texts(sql, values).get(0);
  }

  public <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    Interrupts.check();
    try (PreparedStatement statement = bound(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(row.read(rows));
      }
      return result;
    }
  }

  /** Hands every row to {@code action}, without keeping any. */
  public void forEach(String sql, RowAction action) throws SQLException {
    Interrupts.check();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.accept(rows);
      }
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  /**
   * Copies the database's pages, as of the transaction that is under way. A transaction must be:
   * without one, the copy starts again whenever another connection commits, and never ends.
   *
   * @param file is made; what is left in it after a failure is of no use
   */
  public void copyTo(Path file, DB.ProgressObserver observer) throws SQLException {
    Interrupts.check();
    int code =
        database()
            .backup(
                "main",
                file.toAbsolutePath().toString(),
                observer,
                COPY_PAUSE,
                COPY_PATIENCE,
                COPY_STEP);
    // A failure is told by nothing but this number.
    if (code != SQLiteErrorCode.SQLITE_OK.code) {
      throw new SQLException(SQLiteErrorCode.getErrorCode(code).toString(), null, code);
    }
  }

  /** Something that ends with a session. */
  @FunctionalInterface
  public interface Closing extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** Has something end with the session, once its connection is given back. */
  public void alsoClose(Closing more) {
    Closing before = also;
    also =
        () -> {
          try (more) {
            before.close();
          }
        };
  }

  /** Gives the connection back as it came; does nothing the second time. */
  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    // An interrupt ends the work, not the tidying up after it.
    boolean interrupted = Thread.interrupted();
    try (Closing last = also;
        Connection closing = connection) {
      try {
        rollback();
      } finally {
        giveBack(closing);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveBack(Connection closing) throws SQLException {
    for (String schema : List.copyOf(attached)) {
      detach(schema);
    }
    for (Map.Entry<String, Long> pragma : pragmasBefore.entrySet()) {
      execute("PRAGMA " + pragma.getKey() + " = " + pragma.getValue());
    }
    if (columnsBefore >= 0) {
      limitColumns(columnsBefore);
    }
    if (!autoCommit) {
      closing.setAutoCommit(false);
    }
  }
}
