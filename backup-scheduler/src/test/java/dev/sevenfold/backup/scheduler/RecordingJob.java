package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A job whose work is to write down its firings. Thread-safe. */
final class RecordingJob implements ScheduledJob {

  static final String LABEL = BackupTenantJob.LABEL;

  private final List<Firing> firings = new ArrayList<>();
  private Function<Firing, JobOutcome> work = firing -> new JobOutcome.Finished(Optional.empty());

  /** What to do from now on. */
  synchronized RecordingJob doing(Function<Firing, JobOutcome> next) {
    work = next;
    return this;
  }

  /** The firings of which attempts were made, in their order. */
  synchronized List<Firing> firings() {
    return List.copyOf(firings);
  }

  /** The instants of these firings, as text. */
  List<String> instants() {
    return firings().stream().map(firing -> firing.scheduledAt().toString()).toList();
  }

  /** The tenants of these firings. */
  List<String> tenants() {
    return firings().stream().map(firing -> firing.job().tenant().orElseThrow().value()).toList();
  }

  @Override
  public String label() {
    return LABEL;
  }

  @Override
  public JobOutcome run(Firing firing, Progress progress) {
    Function<Firing, JobOutcome> current;
    synchronized (this) {
      firings.add(firing);
      current = work;
    }
    return current.apply(firing);
  }
}
