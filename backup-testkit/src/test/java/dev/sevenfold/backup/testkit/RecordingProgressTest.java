package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress.Unit;
import dev.sevenfold.backup.testkit.RecordingProgress.Report;
import org.junit.jupiter.api.Test;

class RecordingProgressTest {

  @Test
  void remembers_everything_in_order() {
    RecordingProgress progress = new RecordingProgress();

    progress.report("extract", Unit.TABLES, 1, 2);
    progress.report("extract", Unit.BYTES, 100, 200);
    progress.report("extract", Unit.TABLES, 2, 2);
    progress.report("merge", Unit.TABLES, 1, 1);

    assertThat(progress.reports()).hasSize(4);
    assertThat(progress.steps()).containsExactly("extract", "merge");
    assertThat(progress.reports("extract", Unit.TABLES))
        .containsExactly(
            new Report("extract", Unit.TABLES, 1, 2), new Report("extract", Unit.TABLES, 2, 2));
  }
}
