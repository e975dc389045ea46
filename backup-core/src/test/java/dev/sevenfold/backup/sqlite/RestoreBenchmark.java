package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long writers of other tenants wait while one tenant is restored: how long their
 * transactions take before, during and after. Run by hand; {@code
 * docs/decisions/0060-a-restore-locks-what-it-has-read.md} has the outcome.
 *
 * <p>Arguments: an empty folder, the journal mode, how many tenants, rows of a tenant, whether
 * tenant columns have indexes, restores, writers. As a writer: the database, {@code write}, its
 * number, tenants.
 */
final class RestoreBenchmark {

  private static final int TABLES = 5;
  private static final long PHASE = TimeUnit.SECONDS.toNanos(4);

  private RestoreBenchmark() {}

  public static void main(String[] args) throws Exception {
    if (args[1].equals("write")) {
      write(Path.of(args[0]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      return;
    }
    int tenants = Integer.parseInt(args[2]);
    Path database = Path.of(args[0], "app.sqlite3");
    fill(database, args[1], tenants, Integer.parseInt(args[3]), Boolean.parseBoolean(args[4]));
    System.out.printf("%s, indexed %s: %d MB%n", args[1], args[4], Files.size(database) >> 20);
    BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(
                        database, TenantModel.rootedAt("tenants").column("tenant_id").build())
                    .build(),
                new InMemoryArchiveStore())
            .build();
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[6]); i++) {
      writers.add(Writer.start(database, i, tenants));
    }
    LockSupport.parkNanos(PHASE);
    print(writers, "alone", System.nanoTime() - PHASE, System.nanoTime());
    long start = System.nanoTime();
    Label label = service.backup(TenantId.of(1)).restorePoint().label();
    print(writers, "backup", start, System.nanoTime());
    for (int i = 0; i < Integer.parseInt(args[5]); i++) {
      damage(database);
      start = System.nanoTime();
      service.restore(TenantId.of(1), label);
      print(writers, "restore", start, System.nanoTime());
    }
    writers.forEach(Writer::end);
  }

  private static void fill(Path database, String mode, int tenants, int rows, boolean indexed)
      throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = " + mode);
      statement.execute("CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)");
      for (int table = 0; table < TABLES; table++) {
        statement.execute(
            "CREATE TABLE t"
                + table
                + " (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER NOT NULL REFERENCES"
                + " tenants ON DELETE CASCADE, parent INTEGER REFERENCES t"
                + Math.max(0, table - 1)
                + " ON DELETE CASCADE, name TEXT, amount REAL, body TEXT, UNIQUE (tenant_id, name))");
        if (indexed) {
          statement.execute("CREATE INDEX i" + table + " ON t" + table + " (parent)");
        }
        statement.execute(
            "CREATE TRIGGER g"
                + table
                + " AFTER INSERT ON t"
                + table
                + " BEGIN INSERT INTO tenants SELECT -1, 'x' WHERE 0; END");
      }
      connection.setAutoCommit(false);
      for (int tenant = 1; tenant <= tenants; tenant++) {
        statement.execute("INSERT INTO tenants VALUES (" + tenant + ", 'tenant')");
      }
      for (int table = 0; table < TABLES; table++) {
        insert(connection, table, tenants, rows / TABLES);
      }
      connection.commit();
    }
  }

  private static void insert(Connection connection, int table, int tenants, int rows)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t" + table + " VALUES (NULL, ?, ?, ?, 1.5, hex(randomblob(60)))")) {
      for (int row = 0; row < rows; row++) {
        for (int tenant = 1; tenant <= tenants; tenant++) {
          insert.setInt(1, tenant);
          insert.setInt(2, 1 + row * tenants + tenant - 1);
          insert.setString(3, "row " + row);
          insert.executeUpdate();
        }
      }
    }
  }

  /** 64 rows that differ, as in the measurements of decision 60. */
  private static void damage(Path database) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM t4 WHERE id IN (SELECT id FROM t4 WHERE tenant_id = 1 LIMIT 20)");
      statement.execute(
          "UPDATE t2 SET body = 'changed' WHERE id IN (SELECT id FROM t2 WHERE tenant_id = 1 LIMIT"
              + " 24)");
      statement.execute(
          "INSERT INTO t4 (tenant_id, parent, name) SELECT 1, parent, 'new ' || id FROM t4 WHERE"
              + " tenant_id = 1 LIMIT 20");
    }
  }

  private static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA synchronous = NORMAL");
    }
    return connection;
  }

  /** A small transaction of another tenant, about every ten milliseconds, until its end. */
  private static void write(Path database, int number, int tenants) throws Exception {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (int i = 0; System.in.available() == 0; i++) {
        long start = System.nanoTime();
        int tenant = 2 + (i + number) % (tenants - 1);
        statement.execute("BEGIN IMMEDIATE");
        long locked = System.nanoTime();
        statement.execute(
            "UPDATE t"
                + i % TABLES
                + " SET amount = amount + 1 WHERE tenant_id = "
                + tenant
                + " AND name = 'row "
                + i % 100
                + "'");
        statement.execute("COMMIT");
        long end = System.nanoTime();
        System.out.println(start + " " + end + " " + locked);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  private static void print(List<Writer> writers, String phase, long from, long to) {
    List<Long> micros = new ArrayList<>();
    for (Writer writer : writers) {
      for (long[] commit : List.copyOf(writer.commits)) {
        if (commit[1] >= from && commit[0] <= to) {
          micros.add((commit[1] - commit[0]) / 1000);
        }
      }
    }
    Collections.sort(micros);
    int count = micros.size();
    System.out.printf(
        "%-8s %5d ms, %4d commits, median %.1f, 99%% %.1f, longest %.1f ms%n",
        phase,
        (to - from) / 1_000_000,
        count,
        count == 0 ? 0 : micros.get(count / 2) / 1000.0,
        count == 0 ? 0 : micros.get(count * 99 / 100) / 1000.0,
        count == 0 ? 0 : micros.get(count - 1) / 1000.0);
  }

  private record Writer(Process process, List<long[]> commits) {

    static Writer start(Path database, int number, int tenants) throws IOException {
      Process process =
          Jvm.of(
                  RestoreBenchmark.class,
                  database.toString(),
                  "write",
                  Integer.toString(number),
                  Integer.toString(tenants))
              .start();
      Writer writer = new Writer(process, Collections.synchronizedList(new ArrayList<>()));
      Thread reader = new Thread(writer::read, "writer " + number);
      reader.setDaemon(true);
      reader.start();
      return writer;
    }

    private void read() {
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] parts = line.split(" ", -1);
          commits.add(new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])});
        }
      } catch (IOException e) {
        // Its process was ended, and with it the stream.
        return;
      }
    }

    void end() {
      process.destroy();
    }
  }
}
