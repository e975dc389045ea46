package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schedule.Claim;
import dev.sevenfold.backup.schedule.CronSchedule;
import dev.sevenfold.backup.schedule.FiringRecord;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobArguments;
import dev.sevenfold.backup.schedule.JobKey;
import dev.sevenfold.backup.schedule.JobOutcome;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.PlannedFiring;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs, plans and records that the contracts of a store are told with. */
final class JobSamples {

  static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123Z");
  static final Set<String> LABELS = Set.of("BackupTenantJob", "SystemBackupJob");

  private JobSamples() {}

  static Job job(String tenant, String name) {
    return Job.of(JobKey.of("BackupTenantJob", TenantId.of(tenant)).named(name));
  }

  static Job scheduled(String tenant) {
    return job(tenant, "main")
        .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")))
        .with(JobArguments.parse("controller:background_jobs"));
  }

  static Optional<PlannedFiring> due(Instant at) {
    return Optional.of(new PlannedFiring(at, at, 1, Optional.of(at.plus(Duration.ofDays(1))), at));
  }

  static Instant minutes(long minutes) {
    return NOW.plus(Duration.ofMinutes(minutes));
  }

  static FiringRecord finished(Claim claim, Instant end) {
    JobOutcome outcome =
        new JobOutcome.Finished(Optional.of(Label.parse("tenant_1_20261122120000")));
    return new FiringRecord(
        claim.scheduledAt(), claim.attempt(), claim.startedAt(), end, outcome, true);
  }

  static void end(JobStore store, Claim claim, Instant end) {
    long revision = store.find(claim.job().key()).orElseThrow().revision();
    assertThat(store.finish(claim, revision, finished(claim, end), Optional.empty())).isTrue();
  }

  static List<String> names(List<Claim> claims) {
    return claims.stream()
        .map(claim -> claim.job().key().tenant().map(TenantId::value).orElse("system"))
        .toList();
  }
}
