package dev.sevenfold.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What those do beside, whose framework keeps its jobs in a database. */
abstract class RememberingHostContract extends FrameworkHostContract {

  /** Planned, kept, and come due while nothing ran. */
  @Override
  Instant miss() throws Exception {
    Instant missed = soon(100);
    try (FrameworkHost before = host()) {
      before.plan(ONE, missed);
      assertThat(before.planned(ONE)).contains(missed);
    }
    await().until(() -> Clock.systemUTC().instant().isAfter(missed));
    return missed;
  }

  @Test
  void what_is_planned_survives_a_restart() throws Exception {
    Instant later = soon(3_600_000);
    try (FrameworkHost before = host()) {
      before.start();
      before.plan(TWO, later);
    }

    try (FrameworkHost after = host()) {
      after.start();

      assertThat(after.planned(TWO)).contains(later);
      assertThat(after.planned(ONE)).isEqualTo(application.next(ONE));
    }
    assertThat(log).isEmpty();
  }
}
