package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.sqlite.LedgerProcess.Commit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConnection;

/**
 * Compares the ways to take a snapshot of a live SQLite database: how long each takes, what it does
 * to the latency of a writer, and how far the WAL grows. Run by hand; {@code
 * docs/decisions/0040-system-snapshot.md} has the outcome.
 *
 * <p>Arguments: an empty folder, megabytes of the database, commits a second, and optionally the
 * names of ways. The property {@code synchronous} is the writer's.
 */
final class SystemSnapshotBenchmark {

  private static final long PHASE = TimeUnit.SECONDS.toNanos(5);

  /** Copies the database behind a connection. */
  @FunctionalInterface
  private interface Way {
    void copy(Connection connection, Path copy) throws SQLException;
  }

  private record Named(String name, Way way) {}

  private static final List<Named> WAYS =
      List.of(
          new Named("idle", (connection, copy) -> LockSupport.parkNanos(PHASE)),
          new Named("vacuum-into", SystemSnapshotBenchmark::vacuumInto),
          new Named("single-step", (connection, copy) -> backup(connection, copy, -1)),
          new Named("held-100", (connection, copy) -> held(connection, copy, 100)),
          new Named("held-1000", (connection, copy) -> held(connection, copy, 1_000)),
          new Named("held-16384", (connection, copy) -> held(connection, copy, 16_384)),
          new Named("stepped-100", (connection, copy) -> backup(connection, copy, 100)));

  private SystemSnapshotBenchmark() {}

  public static void main(String[] args) throws Exception {
    List<String> chosen = List.of(args).subList(3, args.length);
    for (Named named : WAYS) {
      if (chosen.isEmpty() || chosen.contains(named.name())) {
        Path folder = Files.createDirectory(Path.of(args[0], named.name()));
        run(folder, named, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        new DurableFiles().deleteAll(folder);
      }
    }
    Runtime.getRuntime().halt(0); // a copy that never ends is still under way
  }

  private static void run(Path folder, Named named, int megabytes, int rate) throws Exception {
    Path database = folder.resolve("live.sqlite3");
    Path copy = folder.resolve("copy.sqlite3");
    LedgerWriter.create(database, megabytes);
    new ProcessBuilder("sync").start().waitFor();
    try (LedgerProcess writer = LedgerProcess.start(database, rate)) {
      LockSupport.parkNanos(PHASE);
      long start = System.currentTimeMillis();
      String outcome = copy(database, copy, named.way());
      long end = System.currentTimeMillis();
      long wal = Files.size(folder.resolve("live.sqlite3-wal"));
      LockSupport.parkNanos(PHASE);
      System.out.printf(
          "%s: %s after %d ms, WAL %d MB%n", named.name(), outcome, end - start, wal >> 20);
      print("before", writer.commits(), 0, start);
      print("during", writer.commits(), start, end);
      print("after", writer.commits(), end, Long.MAX_VALUE);
      if (Files.exists(copy) && outcome.equals("done")) {
        System.out.printf("  the copy sums to %d%n", LedgerWriter.sum(copy));
      }
    }
  }

  private static String copy(Path database, Path copy, Way way) throws InterruptedException {
    FutureTask<Boolean> task = new FutureTask<>(() -> copyInto(database, copy, way));
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(60, TimeUnit.SECONDS);
      return "done";
    } catch (TimeoutException e) {
      return "no end";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static boolean copyInto(Path database, Path copy, Way way) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      way.copy(connection, copy);
      return true;
    }
  }

  private static void vacuumInto(Connection connection, Path copy) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + copy + "'");
    }
  }

  private static void held(Connection connection, Path copy, int pages) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      backup(connection, copy, pages);
      statement.execute("COMMIT");
    }
  }

  private static void backup(Connection connection, Path copy, int pages) throws SQLException {
    int code =
        connection
            .unwrap(SQLiteConnection.class)
            .getDatabase()
            .backup("main", copy.toString(), (remaining, count) -> {}, 1, 1_000, pages);
    if (code != 0) {
      throw new SQLException("The copy failed with " + code);
    }
  }

  private static void print(String when, List<Commit> commits, long from, long to) {
    long[] nanos =
        commits.stream()
            .filter(commit -> commit.at() >= from && commit.at() < to)
            .mapToLong(Commit::nanos)
            .sorted()
            .toArray();
    if (nanos.length > 0) {
      System.out.printf(
          "  %-6s %6d commits, p50 %.2f, p99 %.2f, p99.9 %.2f, longest %.2f ms%n",
          when, nanos.length, at(nanos, 0.5), at(nanos, 0.99), at(nanos, 0.999), at(nanos, 1));
    }
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * quantile))] / 1e6;
  }
}
