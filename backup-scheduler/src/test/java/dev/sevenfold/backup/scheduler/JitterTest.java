package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JitterTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final Planner PLANNER = new Planner(Duration.ofMinutes(10), RetryPolicy.DEFAULT);

  private static Duration offset(String tenant, String expression, Instant now) {
    Job job =
        BackupTenantJob.forTenant(TenantId.of(tenant))
            .on(CronSchedule.parse(expression, ZoneOffset.UTC));
    PlannedFiring next = PLANNER.first(job, Optional.empty(), now).orElseThrow();
    return Duration.between(next.scheduledAt(), next.dueAt());
  }

  @Test
  void spreads_ten_thousand_tenants_evenly_over_the_span() {
    int[] minutes = new int[10];
    for (int tenant = 0; tenant < 10_000; tenant++) {
      minutes[(int) offset(String.valueOf(tenant), "1 1 * * *", NOW).toMinutes()]++;
    }

    for (int tenants : minutes) {
      assertThat(tenants).isBetween(800, 1200);
    }
  }

  @Test
  void gives_a_tenant_the_same_place_every_day() {
    Duration first = offset("42", "1 1 * * *", NOW);

    for (int day = 1; day < 30; day++) {
      assertThat(offset("42", "1 1 * * *", NOW.plus(Duration.ofDays(day)))).isEqualTo(first);
    }
  }

  @Test
  void puts_no_firing_off_by_more_than_half_the_time_until_the_next() {
    for (int tenant = 0; tenant < 1_000; tenant++) {
      assertThat(offset(String.valueOf(tenant), "*/5 * * * *", NOW))
          .isLessThan(Duration.ofSeconds(150));
    }
  }
}
