package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A node in a process of its own. Prints the firings that it runs; ends when its input does. */
final class SchedulerProcess implements ScheduledJob {

  private final boolean hangs;

  private SchedulerProcess(boolean hangs) {
    this.hangs = hangs;
  }

  /** Takes the database, the node's name, and {@code work} or {@code hang}. */
  public static void main(String[] args) throws IOException {
    try (BackupScheduler scheduler =
        BackupScheduler.builder(Path.of(args[0]))
            .job(new SchedulerProcess(args[2].equals("hang")))
            .node(args[1])
            .pollInterval(Duration.ofMillis(20))
            .lease(Duration.ofSeconds(2))
            .build()) {
      scheduler.start();
      print("started " + args[1]);
      while (System.in.read() >= 0) {
        print("reads nothing");
      }
    }
  }

  private static synchronized void print(String line) {
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public String label() {
    return BackupTenantJob.LABEL;
  }

  @Override
  public JobOutcome run(Firing firing, Progress progress) {
    print("run " + firing);
    if (hangs) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new JobOutcome.Interrupted();
      }
    }
    return new JobOutcome.Finished(Optional.empty());
  }
}
