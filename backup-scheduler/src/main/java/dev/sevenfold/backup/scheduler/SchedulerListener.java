package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.PlannedFiring;

/**
 * Hears what a scheduler does. Called from the thread that does it; must be thread-safe and return
 * quickly. What it throws is logged and otherwise ignored.
 */
public interface SchedulerListener {

  /** An attempt at a firing begins. */
  default void started(Firing firing) {}

  /** An attempt at a firing has ended and is recorded. */
  default void ended(Firing firing, FiringRecord record) {}

  /** A firing came due while no scheduler was at work, and is skipped. */
  default void skipped(Job job, PlannedFiring missed) {}
}
