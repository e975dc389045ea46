package dev.sevenfold.examples.dashboard.web;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The threads of a server, and how long visitors may keep them waiting: for headers and a body to
 * arrive, and for an answer to be taken. Whoever takes longer is cut off. Where every thread is
 * taken, those who kept theirs waiting longest go, so that the next visitor is served however many
 * are slow. Our own work, slow as it may be, is no waiting. Thread-safe.
 */
final class Patience implements Executor, AutoCloseable {

  private static final int THREADS = 64;

  /** How long anybody may keep a thread that others wait for. */
  private static final Duration CROWDED = Duration.ofSeconds(1);

  /** So many bytes of a body that move make up for a second, and none for a later one. */
  private static final long BYTES_A_SECOND = 8 << 10;

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Something that is done on the connection, or between. */
  @FunctionalInterface
  interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  private final long patience;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService lookout = Executors.newSingleThreadScheduledExecutor();
  private final Map<Thread, Line> lines = new ConcurrentHashMap<>();

  /**
   * Begins to look.
   *
   * @param patience how long a request may keep its thread waiting, if nothing moves that makes up
   *     for it
   */
  Patience(Duration patience) {
    this.patience = patience.toNanos();
    this.threads =
        new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    threads.allowCoreThreadTimeOut(true);
    ScheduledFuture<?> unused =
        lookout.scheduleWithFixedDelay(
            this::look, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs an exchange, which begins with waiting: the server reads the headers before all else. */
  @Override
  public void execute(Runnable exchange) {
    threads.execute(
        () -> {
          Line line = new Line(Thread.currentThread());
          lines.put(line.thread, line);
          try {
            exchange.run();
          } finally {
            lines.remove(line.thread);
            line.turn(false);
          }
        });
  }

  /** The connection that this thread serves. */
  Line line() {
    return Objects.requireNonNull(lines.get(Thread.currentThread()), "not a thread of this server");
  }

  private void look() {
    long now = System.nanoTime();
    lines.values().stream()
        .filter(line -> line.owed(now) > patience)
        .forEach(line -> line.cut(now));
    longest(lines.values(), line -> line.waited(now), CROWDED.toNanos(), threads.getQueue().size())
        .forEach(line -> line.cut(now));
  }

  /** One of those who wait, and how long it was when they were asked. */
  private record Waiting<T>(T who, long waited) {}

  /**
   * Those who have waited longest, and longer than {@code above}. Each is asked once: the times
   * change meanwhile, and what is being sorted must not.
   */
  static <T> List<T> longest(Collection<T> all, ToLongFunction<T> waited, long above, int most) {
    return all.stream()
        .map(who -> new Waiting<>(who, waited.applyAsLong(who)))
        .filter(waiting -> waiting.waited > above)
        .sorted(Comparator.comparingLong((Waiting<T> waiting) -> waiting.waited).reversed())
        .limit(most)
        .map(Waiting::who)
        .toList();
  }

  /** Stops at once. */
  @Override
  public void close() {
    threads.shutdownNow();
    lookout.shutdownNow();
  }

  /** One request's connection, and how long it has kept its thread waiting. Thread-safe. */
  static final class Line {

    private final Thread thread;
    private boolean waiting = true;
    private boolean cut;
    private long since = System.nanoTime();
    private long waited;
    private long owed;

    private Line(Thread thread) {
      this.thread = thread;
    }

    /** Does our own work, between what is read and written. */
    void work(Step step) throws IOException {
      with(false, step);
    }

    /** Does what waits for the visitor. */
    void await(Step step) throws IOException {
      with(true, step);
    }

    /** What a visitor sends. */
    InputStream from(InputStream visitor) {
      return new FilterInputStream(visitor) {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
          int[] read = new int[1];
          await(() -> read[0] = visitor.read(buffer, from, length));
          moved(read[0]);
          return read[0];
        }

        @Override
        public void close() throws IOException {
          await(visitor::close);
        }
      };
    }

    /** What a visitor takes. */
    OutputStream to(OutputStream visitor) {
      return new FilterOutputStream(visitor) {
        @Override
        public void write(int one) throws IOException {
          write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void flush() throws IOException {
          await(visitor::flush);
        }

        @Override
        public void write(byte[] buffer, int from, int length) throws IOException {
          await(() -> visitor.write(buffer, from, length));
          moved(length);
        }

        @Override
        public void close() throws IOException {
          await(visitor::close);
        }
      };
    }

    private void with(boolean wait, Step step) throws IOException {
      boolean before = turn(wait);
      try {
        refuseIfCut();
        step.run();
        refuseIfCut();
      } finally {
        turn(before);
      }
    }

    /** Whether the visitor was cut off: there is nobody to answer. */
    synchronized boolean isCut() {
      return cut;
    }

    private synchronized void refuseIfCut() throws IOException {
      if (cut) {
        throw new IOException(
            "The visitor kept the server waiting for %.1f s".formatted(waited / 1e9));
      }
    }

    private synchronized boolean turn(boolean wait) {
      boolean before = waiting;
      long now = System.nanoTime();
      count(now);
      waiting = wait;
      if (cut && wait) {
        thread.interrupt();
      } else if (cut) {
        // It was for the connection, and would disturb a store that is closed now.
        Thread.interrupted();
      }
      return before;
    }

    private void count(long now) {
      owed = owed(now);
      waited = waited(now);
      since = now;
    }

    /** What the system's buffers take at once is no credit for hours. */
    private synchronized void moved(int bytes) {
      owed = Math.max(0, owed - TimeUnit.SECONDS.toNanos(Math.max(0, bytes)) / BYTES_A_SECOND);
    }

    private synchronized long waited(long now) {
      return waiting ? waited + now - since : waited;
    }

    private synchronized long owed(long now) {
      return waiting ? owed + now - since : owed;
    }

    /** Ends what the thread reads or writes: a channel whose thread is interrupted is closed. */
    private synchronized void cut(long now) {
      if (waiting && !cut) {
        count(now);
        cut = true;
        thread.interrupt();
      }
    }
  }
}
