package dev.sevenfold.backup.schedule;

/**
 * Hears what a scheduler does. Called from the thread that does it; must be thread-safe and return
 * quickly. What it throws is logged and otherwise ignored.
 */
public interface SchedulerListener {

  /** An attempt at a firing begins. */
  default void started(Claim claim) {}

  /** An attempt at a firing has ended and is recorded. */
  default void ended(Claim claim, FiringRecord record) {}

  /** A firing came due while no scheduler was at work, and is skipped. */
  default void skipped(Job job, PlannedFiring missed) {}
}
