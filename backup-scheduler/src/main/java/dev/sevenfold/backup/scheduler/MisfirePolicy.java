package dev.sevenfold.backup.scheduler;

/** What to do about firings that came due while no scheduler was at work. */
public enum MisfirePolicy {
  /** Run a job that missed firings once, for the last one that it missed. */
  RUN_ONCE,
  /** Wait for the next firing. */
  SKIP
}
