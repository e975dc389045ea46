package dev.sevenfold.backup.job;

/** The state of a job, for a dashboard. */
public enum JobState {
  /** Switched off by its owner; it keeps its schedule and does not fire. */
  INACTIVE,
  /** It has no schedule and was never requested. */
  UNPLANNED,
  /** It waits for its next firing. */
  PLANNED,
  /** An attempt is under way. */
  RUNNING,
  /** The last attempt failed. It stays so until another one succeeds, planned or not. */
  FAILED,
  /** The last firing succeeded and no other is planned. */
  FINISHED
}
