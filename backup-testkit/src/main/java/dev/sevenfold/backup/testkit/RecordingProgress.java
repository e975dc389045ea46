package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.source.Progress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was reported, in its order. Thread-safe. */
public final class RecordingProgress implements Progress {

  /**
   * One report.
   *
   * @param step what was being done
   * @param unit what was counted
   * @param done how many were done
   * @param total of how many
   */
  public record Report(String step, Unit unit, long done, long total) {
    /** Requires the names. */
    public Report {
      Objects.requireNonNull(step, "step");
      Objects.requireNonNull(unit, "unit");
    }
  }

  private final List<Report> reports = new CopyOnWriteArrayList<>();

  /** Nothing reported yet. */
  public RecordingProgress() {}

  @Override
  public void report(String step, Unit unit, long done, long total) {
    reports.add(new Report(step, unit, done, total));
  }

  /** Everything so far. */
  public List<Report> reports() {
    return List.copyOf(reports);
  }

  /** What was reported of one step in one unit. */
  public List<Report> reports(String step, Progress.Unit unit) {
    return reports.stream()
        .filter(report -> report.step().equals(step) && report.unit() == unit)
        .toList();
  }

  /** The steps, each once, in the order in which they began. */
  public List<String> steps() {
    return reports.stream().map(Report::step).distinct().toList();
  }
}
