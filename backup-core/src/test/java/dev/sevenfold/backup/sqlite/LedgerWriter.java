package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.scratch.Session;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that moves money between accounts, one transfer a commit, until its standard input
 * ends. Accounts sum to zero in every state that was ever committed.
 *
 * <p>Arguments: the database, commits a second (0 for as many as possible), the seed. Standard
 * output is one line, {@code ready}, after the first commit, and then pairs of longs: when each
 * commit began, in milliseconds since the epoch, and how many nanoseconds it took.
 */
final class LedgerWriter {

  static final int ACCOUNTS = 1_000;
  private static final byte[] READY = {'r', 'e', 'a', 'd', 'y', '\n'};

  private LedgerWriter() {}

  /** Makes a ledger in WAL mode, padded to about {@code megabytes}. */
  static void create(Path database, int megabytes) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA application_id = 7");
      statement.execute("PRAGMA user_version = 42");
      statement.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)");
      statement.execute("CREATE TABLE transfers (source, target, amount, note)");
      statement.execute("CREATE TABLE padding (content BLOB NOT NULL)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < "
              + ACCOUNTS
              + ") INSERT INTO accounts SELECT i, 0 FROM n");
      for (int i = 0; i < megabytes; i++) {
        statement.execute(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1024)"
                + " INSERT INTO padding SELECT randomblob(990) FROM n");
      }
    }
  }

  /** What the accounts of a database sum to. */
  static long sum(Path database) throws SQLException {
    try (Session session = Session.scratch(database)) {
      return session.queryLong("SELECT sum(balance) FROM accounts");
    }
  }

  public static void main(String[] args) throws IOException, SQLException {
    long pause = args[1].equals("0") ? 0 : 1_000_000_000L / Long.parseLong(args[1]);
    AtomicBoolean ended = new AtomicBoolean();
    Thread input = new Thread(() -> awaitEndOfInput(ended));
    input.setDaemon(true);
    input.start();
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      statement.execute("PRAGMA synchronous = " + System.getProperty("synchronous", "NORMAL"));
      Random random = new Random(Long.parseLong(args[2]));
      transfer(connection, random);
      out.write(READY);
      out.flush();
      long next = System.nanoTime();
      while (!ended.get()) {
        out.writeLong(System.currentTimeMillis());
        long start = System.nanoTime();
        transfer(connection, random);
        out.writeLong(System.nanoTime() - start);
        out.flush();
        next += pause;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    out.flush();
  }

  private static void awaitEndOfInput(AtomicBoolean ended) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The end, too.
    }
    ended.set(true);
  }

  private static void transfer(Connection connection, Random random) throws SQLException {
    int source = 1 + random.nextInt(ACCOUNTS);
    int target = 1 + random.nextInt(ACCOUNTS);
    int amount = random.nextInt(100);
    byte[] note = new byte[100];
    random.nextBytes(note);
    try (Statement statement = connection.createStatement();
        PreparedStatement take =
            connection.prepareStatement("UPDATE accounts SET balance = balance - ? WHERE id = ?");
        PreparedStatement give =
            connection.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE id = ?");
        PreparedStatement log =
            connection.prepareStatement("INSERT INTO transfers VALUES (?, ?, ?, ?)")) {
      statement.execute("BEGIN IMMEDIATE");
      take.setInt(1, amount);
      take.setInt(2, source);
      take.executeUpdate();
      give.setInt(1, amount);
      give.setInt(2, target);
      give.executeUpdate();
      log.setInt(1, source);
      log.setInt(2, target);
      log.setInt(3, amount);
      log.setBytes(4, note);
      log.executeUpdate();
      statement.execute("COMMIT");
    }
  }
}
