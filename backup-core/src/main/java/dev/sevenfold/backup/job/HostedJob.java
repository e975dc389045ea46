package dev.sevenfold.backup.job;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that is the host's call of the library: turns what that returns or throws into an outcome.
 * Thread-safe.
 */
abstract class HostedJob implements ScheduledJob {

  private static final Logger log = LoggerFactory.getLogger(HostedJob.class);

  private final String label;

  HostedJob(String label) {
    this.label = label;
  }

  @Override
  public final String label() {
    return label;
  }

  @Override
  public final JobOutcome run(Firing firing, Progress progress) {
    if (!firing.job().label().equals(label)) {
      throw new IllegalArgumentException(
          firing + " was handed to " + label + ". Hand it to the job that it names");
    }
    Callable<JobOutcome> attempt = attempt(firing, progress);
    if (Thread.currentThread().isInterrupted()) {
      return new JobOutcome.Interrupted();
    }
    try {
      return attempt.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JobOutcome.Interrupted();
    } catch (Exception e) {
      if (Thread.currentThread().isInterrupted()) {
        // Whoever was interrupted deep below reports it as a failure of what it was doing.
        return new JobOutcome.Interrupted();
      }
      log.warn("{} failed", firing, Printable.failure(e));
      return failed(e);
    }
  }

  /** What is to be done; refuses a firing that does not say all that it needs. */
  abstract Callable<JobOutcome> attempt(Firing firing, Progress progress);

  /** Does the work, unless an earlier attempt at the same firing has made this archive. */
  static JobOutcome unlessDone(Optional<Label> earlier, Callable<Optional<Label>> work)
      throws Exception {
    return earlier.isPresent()
        ? new JobOutcome.AlreadyDone(earlier.get())
        : new JobOutcome.Finished(work.call());
  }

  /** The tenant of a firing of a tenant's job. */
  static TenantId tenantOf(Firing firing) {
    return firing
        .job()
        .tenant()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    firing + " names no tenant. Make the job with forTenant"));
  }

  private static JobOutcome.Failed failed(Throwable thrown) {
    if (thrown instanceof BackupException e) {
      return new JobOutcome.Failed(e.what(), e.advice(), worthRetrying(e));
    }
    // The message of any other exception may hold a secret; the log is the host's to guard.
    return new JobOutcome.Failed(
        "It failed unexpectedly: " + thrown.getClass().getName(),
        "See the log of the host for the cause",
        true);
  }

  private static boolean worthRetrying(BackupException e) {
    // An archive that was found corrupt when it was proven is made anew by the next attempt.
    return !(e instanceof BackupRefused
        || e instanceof RestoreRefused
        || e instanceof InvalidTenantModel
        || e instanceof ArchiveNotFound);
  }
}
