package dev.sevenfold.backup.job;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the host's work returns or throws into an outcome. Not instantiated. */
final class Attempt {

  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  private Attempt() {}

  /**
   * Makes an attempt.
   *
   * @param earlier the archive of an earlier attempt at the same firing, if there is one
   * @param work does the work and names the archive
   */
  static JobOutcome at(
      Firing firing, Callable<Optional<Label>> earlier, Callable<Optional<Label>> work) {
    return judging(
        firing,
        () -> {
          Optional<Label> done = earlier.call();
          return done.isPresent()
              ? new JobOutcome.AlreadyDone(done.get())
              : new JobOutcome.Finished(work.call());
        },
        outcome -> outcome);
  }

  /** Makes an attempt at {@code work}, whose result says how well it went. */
  static <T> JobOutcome judging(Firing firing, Callable<T> work, Function<T, JobOutcome> judge) {
    if (Thread.currentThread().isInterrupted()) {
      return new JobOutcome.Interrupted();
    }
    try {
      return judge.apply(work.call());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JobOutcome.Interrupted();
    } catch (Exception e) {
      if (Thread.currentThread().isInterrupted()) {
        // Whoever was interrupted deep below reports it as a failure of what it was doing.
        return new JobOutcome.Interrupted();
      }
      log.warn("{} failed", firing, e);
      return failed(e);
    }
  }

  /** The tenant of a firing of a tenant's job; refuses the firing of any other job. */
  static TenantId tenantOf(Firing firing, String label) {
    requireLabel(firing, label);
    return firing
        .job()
        .tenant()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    firing + " names no tenant. Make the job with forTenant"));
  }

  /** Refuses the firing of another job. */
  static void requireLabel(Firing firing, String label) {
    if (!firing.job().label().equals(label)) {
      throw new IllegalArgumentException(
          firing + " was handed to " + label + ". Hand it to the job that it names");
    }
  }

  static JobOutcome.Failed failed(Throwable thrown) {
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
