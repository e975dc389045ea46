package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackupSchedulerBuilderTest {

  private final Path file = Path.of("never-opened.sqlite3");
  private final RecordingJob work = new RecordingJob();

  @Test
  void contradictions_are_refused_with_both_values() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                BackupScheduler.builder(file)
                    .pollInterval(Duration.ofMinutes(2))
                    .lease(Duration.ofMinutes(1))
                    .build())
        .withMessageContaining("PT1M")
        .withMessageContaining("PT2M");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupScheduler.builder(file).job(work).job(work))
        .withMessageContaining(RecordingJob.LABEL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupScheduler.builder(file).concurrency(0))
        .withMessageContaining("0");
  }
}
