package dev.sevenfold.examples.quickstart;

import dev.sevenfold.backup.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A bakery that takes one order after the other, on a thread of its own, until it is stopped. */
final class Sales implements AutoCloseable {

  private static final int FIRST_ORDER = 1_000_000;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final AtomicInteger taken = new AtomicInteger();
  private final Bakeries bakeries;
  private final int customer;
  private final Future<?> work;
  private volatile boolean stopped;

  private Sales(Bakeries bakeries, TenantId bakery) {
    this.bakeries = bakeries;
    this.customer = 100 * Integer.parseInt(bakery.value()) + 1;
    this.work = thread.submit(this::sell);
  }

  static Sales start(Bakeries bakeries, TenantId bakery) {
    return new Sales(bakeries, bakery);
  }

  private Void sell() throws SQLException {
    try (Connection connection = bakeries.connect()) {
      while (!stopped) {
        Bakeries.execute(
            connection,
            "INSERT INTO orders VALUES (?, ?, 4.5)",
            FIRST_ORDER + taken.get(),
            customer);
        taken.incrementAndGet();
      }
    }
    return null;
  }

  /** Waits until some more orders were taken. */
  void awaitMore() throws Exception {
    int enough = taken.get() + 5;
    while (taken.get() < enough && !work.isDone()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    if (work.isDone()) {
      work.get();
    }
  }

  /** Ends the day; fails if an order failed, or one is missing. */
  void stop() throws InterruptedException, ExecutionException, TimeoutException, SQLException {
    stopped = true;
    work.get(1, TimeUnit.MINUTES);
    try (Connection connection = bakeries.connect();
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery("SELECT count(*) FROM orders WHERE id >= " + FIRST_ORDER)) {
      if (row.getInt(1) != taken.get()) {
        throw new IllegalStateException(
            row.getInt(1) + " orders are there of " + taken.get() + " that were taken");
      }
    }
  }

  int count() {
    return taken.get();
  }

  @Override
  public void close() {
    stopped = true;
    thread.shutdown();
  }
}
