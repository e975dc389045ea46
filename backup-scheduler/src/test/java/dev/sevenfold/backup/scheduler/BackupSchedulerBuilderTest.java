package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackupSchedulerBuilderTest {

  private final JobStore store = new InMemoryJobStore();
  private final RecordingJob work = new RecordingJob();

  @Test
  void contradictions_are_refused_with_both_values() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                BackupScheduler.builder(store)
                    .pollInterval(Duration.ofMinutes(2))
                    .lease(Duration.ofMinutes(1))
                    .build())
        .withMessageContaining("PT1M")
        .withMessageContaining("PT2M");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupScheduler.builder(store).job(work).job(work))
        .withMessageContaining(RecordingJob.LABEL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupScheduler.builder(store).concurrency(0))
        .withMessageContaining("0");
  }
}
