package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Job frameworks keep what they are to call with. */
class JobSerializationTest {

  private static Object copy(Object original) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(original);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void a_job_and_its_firing_survive() throws Exception {
    Job job =
        BackupTenantJob.forTenant(TenantId.of("acme"))
            .on(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")))
            .with(JobArguments.parse("controller:background_jobs"));
    Firing firing = job.firing(Instant.parse("2026-11-24T00:01:00Z"));

    assertThat(copy(job)).isEqualTo(job);
    assertThat(copy(firing)).isEqualTo(firing);
    assertThat(firing).hasToString("BackupTenantJob of tenant acme at 2026-11-24T00:01:00Z");
  }

  @Test
  void so_does_a_job_of_the_system_without_a_schedule() throws Exception {
    Job job = SystemBackupJob.job().withActive(false);

    assertThat(copy(job)).isEqualTo(job);
  }
}
