package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails tenants a link to each backup that was verified and a report of each restore, and operators
 * one mail of all that failed, is overdue, or is in no backup.
 *
 * <pre>{@code
 * BackupMailer mailer =
 *     BackupMailer.builder(
 *             SmtpServer.startTls("smtp.example", 587).login("app", password).build(),
 *             new MailAddress("backup@app.example", "Acme ERP"),
 *             directory,
 *             FolderOutbox.open(Path.of("storage/outbox")))
 *         .product("Acme ERP")
 *         .build();
 * BackupService backups = BackupService.builder(source, store).listener(mailer).build();
 * mailer.start(
 *     backups.links(linkKeys, linkStore).build(), URI.create("https://app.example/backups/"));
 * }</pre>
 *
 * <p>What happens is kept in the outbox at once, also before {@link #start}; mails are written and
 * sent by a thread of the mailer's own. A mail that cannot be sent is tried again, after a minute
 * at first and every three hours in the end. No backup fails, or waits, because of a mail.
 *
 * <p>Thread-safe.
 */
public final class BackupMailer implements BackupListener, TenantKeeper, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BackupMailer.class);

  private static final int MOST_UNWRITTEN = 10_000;
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Outbox outbox;
  private final Notices notices;
  private final Delivery delivery;
  private final Clock clock;

  /** Writes notices into the outbox: not even a hanging disk holds a backup up. */
  private final ThreadPoolExecutor recorder;

  /** Notices since the outbox last took one. */
  private final AtomicLong lost = new AtomicLong();

  /** Of when the figure is that operators were told last: all tenants of a run have the same. */
  private final AtomicReference<Instant> toldOf = new AtomicReference<>(Instant.MIN);

  /** Rung when there is something new to do. */
  private final Semaphore bell = new Semaphore(0);

  private volatile boolean closed;
  private Optional<Thread> sender = Optional.empty();

  private BackupMailer(Builder builder, Postman postman) {
    outbox = builder.outbox;
    clock = builder.clock;
    notices = new Notices(clock, builder.grouping);
    delivery = withOwnLoader(() -> new Delivery(builder, notices, postman));
    recorder =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(MOST_UNWRITTEN),
            work -> daemon(work, "sevenfold-mail-recorder"));
    recorder.allowCoreThreadTimeOut(true);
  }

  /** Starts a mailer; {@code outbox} keeps mail until it is handed in, and is closed by it. */
  public static Builder builder(
      SmtpServer server, MailAddress from, RecipientDirectory directory, Outbox outbox) {
    return new Builder(server, from, directory, outbox);
  }

  /**
   * Begins to send, with links to downloads that the host serves below {@code folder}.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start(DownloadLinks downloads, URI folder) {
    start(Optional.of(new MailLinks(downloads, folder)));
  }

  /** As {@link #start(DownloadLinks, URI)}, for mails without a link. */
  public void startWithoutLinks() {
    start(Optional.empty());
  }

  private synchronized void start(Optional<MailLinks> links) {
    if (closed || sender.isPresent()) {
      throw new IllegalStateException("The mailer is started once, before it is closed");
    }
    Thread thread = daemon(() -> sendUntilClosed(links), "sevenfold-mail-sender");
    sender = Optional.of(thread);
    thread.start();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    // Mail finds its parts by the thread's class loader, and a host's may not know them.
    thread.setContextClassLoader(BackupMailer.class.getClassLoader());
    return thread;
  }

  private static <T> T withOwnLoader(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(BackupMailer.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void sendUntilClosed(Optional<MailLinks> links) {
    while (!closed && !Thread.currentThread().isInterrupted()) {
      Optional<Instant> next;
      try {
        next = delivery.run(links);
      } catch (RuntimeException e) {
        log.error(
            "The outbox {} could not be worked off; trying again",
            outbox.describe(),
            Printable.failure(e));
        next = Optional.empty();
      }
      sleepUntil(next);
    }
  }

  /** Waits for the bell, or for the time. */
  private void sleepUntil(Optional<Instant> next) {
    Duration wait =
        next.map(instant -> Duration.between(clock.instant(), instant))
            .filter(left -> left.compareTo(LONGEST_SLEEP) < 0)
            .orElse(LONGEST_SLEEP);
    try {
      if (bell.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        // What it was rung for more often is all looked at in one go.
        bell.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what is due, from this thread; for tests, whose clock stands still. */
  Optional<Instant> deliverNow(Optional<MailLinks> with) {
    return withOwnLoader(() -> delivery.run(with));
  }

  @Override
  public String describe() {
    return "outbox " + outbox.describe();
  }

  @Override
  public List<String> kept(TenantId tenant) {
    return delivery.kept(tenant);
  }

  @Override
  public void forget(TenantId tenant) {
    try {
      awaitRecorded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delivery.forget(tenant);
  }

  /** Waits until what was heard is in the outbox. */
  void awaitRecorded() throws InterruptedException {
    try {
      recorder.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void record(OutboxItem notice) {
    try {
      recorder.execute(() -> keep(notice));
    } catch (RejectedExecutionException e) {
      lose(notice, "the mailer is closed, or has too much to do", e);
    }
  }

  private void keep(OutboxItem notice) {
    try {
      if (outbox.put(notice)) {
        long before = lost.getAndSet(0);
        if (before > 0) {
          log.error("The outbox {} works again; {} notices were lost", outbox.describe(), before);
        }
      } else {
        lose(notice, "it is full", null);
      }
    } catch (RuntimeException e) {
      lose(notice, "it failed", e);
    }
    bell.release();
  }

  /** Said once, and not for each of the thousands of notices that a full outbox may cost. */
  private void lose(OutboxItem notice, String why, @Nullable Exception e) {
    if (lost.getAndIncrement() == 0) {
      log.error(
          "Nobody hears of {}, nor of what follows: the outbox {} took nothing, because {}",
          notice,
          outbox.describe(),
          why,
          e == null ? null : Printable.failure(e));
    }
  }

  @Override
  public void backupCompleted(BackupReport report) {
    record(notices.of(report));
    report
        .ownership()
        .filter(figure -> !figure.isComplete())
        .filter(figure -> !toldOf.getAndSet(figure.at()).equals(figure.at()))
        .ifPresent(figure -> record(notices.lostRows(figure)));
  }

  @Override
  public void restoreCompleted(RestoreReport report) {
    record(notices.of(report));
  }

  @Override
  public void backupFailed(TenantId tenant, BackupException failure) {
    record(notices.failed(Notices.FAILED_BACKUP, Optional.of(tenant), failure));
  }

  @Override
  public void restoreFailed(TenantId tenant, BackupException failure) {
    record(notices.failed(Notices.FAILED_RESTORE, Optional.of(tenant), failure));
  }

  @Override
  public void systemBackupFailed(BackupException failure) {
    record(notices.failed(Notices.FAILED_BACKUP, Optional.empty(), failure));
  }

  @Override
  public void backupOverdue(BackupStatus status) {
    record(notices.overdue(status));
  }

  @Override
  public void recovered(String what) {
    record(notices.recovered(what));
  }

  /** Stops, after ten seconds at most: a mail that is being handed in may be sent again later. */
  @Override
  public void close() {
    Optional<Thread> running;
    synchronized (this) {
      closed = true;
      running = sender;
    }
    bell.release();
    recorder.shutdown();
    try {
      boolean written = recorder.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
      if (!written) {
        log.error("The outbox {} hangs: not all that happened is in it", outbox.describe());
      }
      if (running.isPresent()) {
        running.get().join(CLOSING.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.ifPresent(Thread::interrupt);
      outbox.close();
    }
  }

  /** Collects the parts of a mailer. Use from one thread. */
  public static final class Builder {

    private final SmtpServer server;
    final MailAddress from;
    final RecipientDirectory directory;
    final Outbox outbox;
    Optional<MailAddress> replyTo = Optional.empty();
    Optional<String> support = Optional.empty();
    MailTexts texts = MailTexts.standard();
    String product;
    Clock clock = Clock.systemUTC();
    Duration giveUpAfter = Duration.ofDays(4);
    private Duration grouping = Duration.ofMinutes(10);

    private Builder(
        SmtpServer server, MailAddress from, RecipientDirectory directory, Outbox outbox) {
      this.server = Objects.requireNonNull(server, "server");
      this.from = Objects.requireNonNull(from, "from");
      this.directory = Objects.requireNonNull(directory, "directory");
      this.outbox = Objects.requireNonNull(outbox, "outbox");
      this.product = from.name().isEmpty() ? from.domain() : from.name();
    }

    /** What the host is called in mails. Default: the name of the sender, or its domain. */
    public Builder product(String name) {
      if (OneLine.require("The name of the product", name).isBlank()) {
        throw new IllegalArgumentException("The product needs a name");
      }
      this.product = name;
      return this;
    }

    /** Where answers go to. Default: to the sender. */
    public Builder replyTo(MailAddress address) {
      this.replyTo = Optional.of(address);
      return this;
    }

    /** Where tenants send an archive to that is to be restored: an address, or a page. */
    public Builder support(String contact) {
      this.support = Optional.of(OneLine.require("The contact of support", contact));
      return this;
    }

    /** What mails say. Default: {@link MailTexts#standard()}. */
    public Builder texts(MailTexts value) {
      this.texts = Objects.requireNonNull(value, "texts");
      return this;
    }

    /** What tells the time. Default: the system's clock. */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /** How long news for the operator waits for more, to be one mail. Default: 10 minutes. */
    public Builder groupingFor(Duration wait) {
      if (wait.isNegative()) {
        throw new IllegalArgumentException("News waits for no negative time: " + wait);
      }
      this.grouping = wait;
      return this;
    }

    /** For how long a mail is tried, a minute at least. Default: 4 days. */
    public Builder giveUpAfter(Duration wait) {
      if (wait.compareTo(Duration.ofMinutes(1)) < 0) {
        throw new IllegalArgumentException("A mail is tried for a minute at least, not " + wait);
      }
      this.giveUpAfter = wait;
      return this;
    }

    /** The finished mailer, which keeps what it hears, and sends once it is started. */
    public BackupMailer build() {
      return build(withOwnLoader(() -> new SmtpPostman(server)));
    }

    BackupMailer build(Postman postman) {
      return new BackupMailer(this, postman);
    }
  }
}
