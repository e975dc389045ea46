package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Proves archives again when it fires, so that one that went bad is noticed before it is needed. It
 * counts as a job of the system: while it runs, the system's backup waits. Thread-safe.
 */
public final class DrillJob extends HostedJob {

  /** What the job is called. */
  public static final String LABEL = "DrillJob";

  private static final int MOST_SHOWN = 5;

  /** Proves archives: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Work {
    /** Proves those that are due; says of each one that could not be proven which and why. */
    List<String> drill() throws Exception;
  }

  private final Work work;

  private DrillJob(Work work) {
    super(LABEL);
    this.work = Objects.requireNonNull(work, "work");
  }

  /** The job. */
  public static DrillJob of(Work work) {
    return new DrillJob(work);
  }

  /** The job, to be given a schedule. */
  public static Job job() {
    return Job.of(JobKey.system(LABEL));
  }

  @Override
  Callable<JobOutcome> attempt(Firing firing, Progress progress) {
    return () -> judge(work.drill());
  }

  private static JobOutcome judge(List<String> failures) {
    if (failures.isEmpty()) {
      return new JobOutcome.Finished(Optional.empty());
    }
    String more = failures.size() > MOST_SHOWN ? "; …" : "";
    // Trying again at once would prove the next oldest ones, and find the bad ones bad again.
    return new JobOutcome.Failed(
        failures.size()
            + " of the archives could not be proven: "
            + String.join("; ", failures.subList(0, Math.min(failures.size(), MOST_SHOWN)))
            + more,
        "Restore from other archives; look at the disk that these are on, and back up again",
        false);
  }
}
