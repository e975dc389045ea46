package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.tenant.TenantId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose schedule: exactly one of the two. */
final class ScheduleOwner {

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  @Nullable TenantId tenant;

  @Option(names = "--system", required = true, description = "The whole system.")
  boolean system;

  /** Its backup, to be given a schedule. */
  Job job() {
    return tenant == null ? SystemBackupJob.job() : BackupTenantJob.forTenant(tenant);
  }

  JobKey key() {
    return job().key();
  }
}
