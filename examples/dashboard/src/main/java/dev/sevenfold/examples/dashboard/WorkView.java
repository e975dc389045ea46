package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobProgress;
import dev.sevenfold.backup.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler does for a firm, or did last, ready to be shown. Immutable.
 *
 * @param busy whether something waits or runs
 * @param good whether the last piece of work succeeded
 * @param bad whether it failed
 * @param title all of it in a few words
 * @param text one sentence more
 * @param counted how far it is; null if that cannot be told
 */
record WorkView(
    boolean busy,
    boolean good,
    boolean bad,
    String title,
    String text,
    @Nullable JobProgress counted) {

  private static final WorkView IDLE = new WorkView(false, false, false, "", "", null);

  /** After this time a result is no news any more. */
  static final Duration NEWS = Duration.ofHours(1);

  static WorkView of(List<JobStatus> jobs, Instant now, Words words) {
    Optional<JobStatus> running =
        jobs.stream().filter(job -> job.running().isPresent()).findFirst();
    if (running.isPresent()) {
      return running(running.get(), running.get().running().orElseThrow());
    }
    Optional<JobStatus> waiting =
        jobs.stream()
            .filter(job -> job.next().filter(next -> !next.dueAt().isAfter(now)).isPresent())
            .findFirst();
    if (waiting.isPresent()) {
      String title = isBackup(waiting.get()) ? "Your backup is next" : "Your restore is next";
      return new WorkView(true, false, false, title, "It begins in a moment.", null);
    }
    return jobs.stream()
        .filter(job -> ended(job).isAfter(now.minus(NEWS)))
        .max(Comparator.comparing(WorkView::ended))
        .or(() -> failing(jobs))
        .map(job -> ended(job, job.last().orElseThrow(), words))
        .orElse(IDLE);
  }

  /** A backup that failed is no old news before another one has succeeded. */
  private static Optional<JobStatus> failing(List<JobStatus> jobs) {
    return jobs.stream()
        .filter(job -> isBackup(job) && job.last().isPresent())
        .max(Comparator.comparing(WorkView::ended))
        .filter(job -> job.last().filter(last -> !last.outcome().done()).isPresent());
  }

  private static boolean isBackup(JobStatus job) {
    return job.job().key().label().equals(BackupTenantJob.LABEL);
  }

  private static Instant ended(JobStatus job) {
    return job.last().map(FiringRecord::endedAt).orElse(Instant.MIN);
  }

  private static WorkView running(JobStatus job, JobStatus.Running now) {
    String title = isBackup(job) ? "Backing up …" : "Restoring …";
    Optional<JobProgress> progress = now.progress();
    JobProgress counted = progress.filter(far -> far.total() > 0).orElse(null);
    String text = progress.map(far -> step(far.step())).orElse("Getting ready");
    return new WorkView(true, false, false, title, text, counted);
  }

  private static String step(String step) {
    return switch (step) {
      case "extract" -> "Reading your rows";
      case "files" -> "Reading your files";
      case "digest" -> "Taking fingerprints, to compare with later";
      case "archive" -> "Packing";
      case "read", "verify" -> "Reading it back, to be sure";
      case "stage" -> "Comparing with what there is now";
      case "merge" -> "Putting back what differs";
      default -> "Working";
    };
  }

  private static WorkView ended(JobStatus job, FiringRecord last, Words words) {
    String when = words.fromNow(last.endedAt());
    String took = Words.took(Duration.between(last.startedAt(), last.endedAt()));
    boolean backup = isBackup(job);
    if (last.outcome().done()) {
      String title = backup ? "Backed up, and verified" : "Restored";
      return new WorkView(false, true, false, title, "Done " + when + ", in " + took + ".", null);
    }
    String title = backup ? "The backup did not succeed" : "The restore did not succeed";
    String text = "That was " + when + ". Nothing of yours was changed. " + next(backup, last);
    return new WorkView(false, false, true, title, text, null);
  }

  private static String next(boolean backup, FiringRecord last) {
    if (!last.over()) {
      return "It is tried again by itself.";
    }
    boolean later = last.outcome() instanceof JobOutcome.Failed failed && failed.worthRetrying();
    if (later) {
      return "Try again in a few minutes; if it stays so, tell support.";
    }
    return backup
        ? "Support sees the reason."
        : "Choose Preview to see what stands in the way, or tell support.";
  }
}
