package dev.sevenfold.backup.job;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.util.List;

/**
 * What is scheduled, and how it does: what health asks whoever runs the jobs. {@code
 * BackupScheduler} of the module backup-scheduler is one. Thread-safe.
 */
@FunctionalInterface
public interface Schedules {

  /**
   * All jobs, each with its next firing and its last outcome.
   *
   * @throws StoreUnavailable if the jobs cannot be read
   */
  List<JobStatus> jobs();
}
