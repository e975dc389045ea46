package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;

/**
 * Something that can be scheduled: what a job framework, ours or the host's, calls when a firing is
 * due. Thread-safe.
 */
public interface ScheduledJob {

  /** What the job is called where it is set and stored: {@code BackupTenantJob}. A word. */
  String label();

  /**
   * Serves a firing, in the calling thread, which may be interrupted to stop it. Serving the same
   * firing again does not do the work again. A failure is an outcome, not an exception; the cause
   * is in the log.
   *
   * @param progress hears how far the work is
   * @throws IllegalArgumentException if the firing is not one of this job's
   */
  JobOutcome run(Firing firing, Progress progress);

  /** Serves a firing as {@link #run(Firing, Progress)} does; nobody hears of its progress. */
  default JobOutcome run(Firing firing) {
    return run(firing, Progress.none());
  }

  /**
   * Whether a scheduler may make another attempt by itself after one that failed, was interrupted,
   * or died with its process. If not, a person decides.
   */
  default boolean repeatable() {
    return true;
  }
}
