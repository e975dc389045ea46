package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a scheduler: one asks what is due, one beats, some work. None keeps the process
 * alive. Thread-safe.
 */
final class SchedulerThreads {

  private static final Logger log = LoggerFactory.getLogger(SchedulerThreads.class);
  private static final int BEATS_OF_LEASE = 6;
  private static final Duration LAST_GRACE = Duration.ofSeconds(10);

  private enum Phase {
    NEW,
    STARTED,
    STOPPED
  }

  private final Settings settings;
  private final Runner runner;
  private final Dispatcher dispatcher;
  private final ScheduledExecutorService poller;
  private final ScheduledExecutorService heart;
  private final ExecutorService workers;
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean beating = new AtomicBoolean();
  private final AtomicBoolean failing = new AtomicBoolean();

  /** Held by the thread that runs what is due by hand. */
  private final ReentrantLock byHand = new ReentrantLock();

  private volatile Phase phase = Phase.NEW;

  /** Starts no thread: these executors do with their first task. */
  SchedulerThreads(Settings settings) {
    this.settings = settings;
    this.runner = new Runner(settings);
    this.dispatcher = new Dispatcher(settings, runner);
    this.poller = Executors.newSingleThreadScheduledExecutor(daemon("poller"));
    this.heart = Executors.newSingleThreadScheduledExecutor(daemon("heart"));
    this.workers = Executors.newFixedThreadPool(settings.concurrency(), daemon("worker"));
  }

  private static ThreadFactory daemon(String task) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "sevenfold-" + task + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  synchronized void start() {
    requireNew("started");
    phase = Phase.STARTED;
    long interval = settings.pollInterval().toMillis();
    Future<?> unused =
        poller.scheduleWithFixedDelay(this::poll, 0, interval, TimeUnit.MILLISECONDS);
  }

  private void requireNew(String wanted) {
    if (phase != Phase.NEW) {
      throw new IllegalStateException(
          "The scheduler is " + phase + " and cannot be " + wanted + ". Build another one");
    }
  }

  /** Asks at once what is due, if it asks at all. */
  void wake() {
    if (phase == Phase.STARTED && woken.compareAndSet(false, true)) {
      try {
        poller.execute(this::poll);
      } catch (RejectedExecutionException e) {
        log.debug("Stopped meanwhile", e);
      }
    }
  }

  private void poll() {
    woken.set(false);
    try {
      for (Claim claim : dispatcher.claim(settings.concurrency() - busy.get())) {
        busy.incrementAndGet();
        beat();
        workers.execute(() -> work(claim));
      }
      if (failing.compareAndSet(true, false)) {
        log.info("The jobs can be read again");
      }
    } catch (StoreUnavailable e) {
      // Once, not with every poll.
      if (failing.compareAndSet(false, true)) {
        log.warn("Nothing is run until the jobs can be read again", e);
      }
    } catch (RuntimeException e) {
      log.error("What is due could not be found out; the next poll tries again", e);
    }
  }

  private void work(Claim claim) {
    try {
      runner.run(claim);
    } finally {
      busy.decrementAndGet();
      wake();
    }
  }

  /** Begins to beat with the first claim. */
  private void beat() {
    if (beating.compareAndSet(false, true)) {
      long period = settings.lease().dividedBy(BEATS_OF_LEASE).toMillis();
      Future<?> unused =
          heart.scheduleWithFixedDelay(this::beatOnce, period, period, TimeUnit.MILLISECONDS);
    }
  }

  private void beatOnce() {
    try {
      runner.beat();
      if (phase == Phase.STOPPED && runner.idle()) {
        heart.shutdown();
      }
    } catch (RuntimeException e) {
      log.error("A beat failed; the next one tries again", e);
    }
  }

  int runDue() {
    byHand.lock();
    try {
      requireNew("run by hand");
      int attempts = 0;
      runner.beat();
      List<Claim> claims = dispatcher.claim(settings.concurrency());
      while (!claims.isEmpty()) {
        beat();
        claims.forEach(runner::run);
        attempts += claims.size();
        boolean stop = phase == Phase.STOPPED || Thread.currentThread().isInterrupted();
        claims = stop ? List.of() : dispatcher.claim(settings.concurrency());
      }
      return attempts;
    } finally {
      byHand.unlock();
    }
  }

  boolean stop(Duration grace) {
    synchronized (this) {
      if (phase == Phase.STOPPED) {
        return true;
      }
      phase = Phase.STOPPED;
    }
    boolean ended = false;
    try {
      // First nobody claims any more; then nobody works any more.
      poller.shutdown();
      poller.awaitTermination(LAST_GRACE.toMillis(), TimeUnit.MILLISECONDS);
      workers.shutdown();
      ended = await(grace);
      if (!ended) {
        runner.running().forEach(RunningFiring::interrupt);
        await(LAST_GRACE);
      }
    } catch (InterruptedException e) {
      runner.running().forEach(RunningFiring::interrupt);
      Thread.currentThread().interrupt();
    }
    if (runner.idle()) {
      heart.shutdown();
    }
    // What does not heed interrupts keeps its claim alive until it ends.
    return ended;
  }

  private boolean await(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    if (!workers.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)
        || !byHand.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    byHand.unlock();
    return true;
  }
}
