package dev.sevenfold.backup.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads of a test, which end with it. Use from one thread. */
final class Together implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Starts a task in a thread of its own. */
  <T> Future<T> start(Callable<T> task) {
    return threads.submit(task);
  }

  /**
   * Runs all tasks, each in a thread of its own, from the same moment on. What a task throws is
   * thrown here.
   */
  <T> List<T> run(List<Callable<T>> tasks) throws Exception {
    CyclicBarrier line = new CyclicBarrier(tasks.size());
    List<Future<T>> running = new ArrayList<>();
    for (Callable<T> task : tasks) {
      running.add(
          start(
              () -> {
                line.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return task.call();
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> task : running) {
      results.add(result(task));
    }
    return results;
  }

  /** Runs a call that must not wait for whatever else is going on. */
  <T> T promptly(Callable<T> call) throws Exception {
    return result(start(call));
  }

  /** What a task returned or threw; fails if it hangs. */
  static <T> T result(Future<T> task) throws Exception {
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Waits until the other side has come this far; fails if it never does. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody came within " + PATIENCE_SECONDS + " seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
