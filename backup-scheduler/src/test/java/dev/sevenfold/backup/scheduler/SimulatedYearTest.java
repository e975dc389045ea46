package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year in the life of a thousand tenants: their own schedules and zones, summer and winter time,
 * restarts, nights without a scheduler, a clock that jumps ahead and back, backups that fail. Every
 * due backup is made once, never twice, and none is lost; retention keeps seven of each tenant.
 */
class SimulatedYearTest {

  private static final LocalDate START = LocalDate.of(2027, 1, 1);

  @TempDir Path folder;

  @Test
  void every_due_backup_of_a_thousand_tenants_is_made_once_in_a_year() {
    Simulation simulation = new Simulation(2026_11_22L, START, START.plusYears(1), 1_000);

    simulation.run(new InMemoryJobStore(), Duration.ofMinutes(20));

    assertThat(simulation.complaints()).isEmpty();
    assertThat(simulation.made()).isGreaterThan(300_000);
    assertThat(simulation.fewestKept()).isGreaterThanOrEqualTo(7);
    assertThat(simulation.interruptions()).isGreaterThan(40);
  }

  @Test
  void so_is_every_one_of_twenty_tenants_in_sqlite_in_five_weeks_around_a_clock_change() {
    LocalDate start = LocalDate.of(2027, 3, 1);
    Simulation simulation = new Simulation(7L, start, start.plusWeeks(5), 20);

    try (JobStore store = SqliteJobStore.open(folder.resolve("jobs.sqlite3"))) {
      simulation.run(store, Duration.ofMinutes(20));
    }

    assertThat(simulation.complaints()).isEmpty();
    assertThat(simulation.made()).isGreaterThan(400);
    assertThat(simulation.interruptions()).isGreaterThan(3);
  }
}
