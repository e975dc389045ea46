package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A life with a scheduler: tenants' own schedules and zones, summer and winter time, restarts,
 * nights without a scheduler, a clock that jumps ahead and back, backups that fail. Every due
 * backup is made, none is lost, and none is made twice but where the clock showed the same time
 * twice; retention keeps seven of each tenant.
 */
class SimulatedYearTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"2027-03-01, 7", "2027-10-01, 20261122"})
  void every_due_backup_of_twenty_tenants_is_made_in_five_weeks_around_a_clock_change(
      LocalDate start, long seed) {
    Simulation simulation = new Simulation(seed, start, start.plusWeeks(5), 20);

    simulation.run(folder.resolve("jobs.sqlite3"), Duration.ofMinutes(20));

    assertThat(simulation.complaints()).isEmpty();
    assertThat(simulation.made()).isGreaterThan(400);
    assertThat(simulation.fewestKept()).isPositive();
    assertThat(simulation.interruptions()).isGreaterThan(2);
  }
}
