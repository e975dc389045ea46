package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose schedule: exactly one of the two. */
final class ScheduleOwner {

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  @Nullable TenantId tenant;

  @Option(names = "--system", required = true, description = "The whole system.")
  boolean system;

  /** The backup of the system, or of this tenant, to be given a schedule. */
  static Job job(@Nullable TenantId of) {
    return of == null ? SystemBackupJob.job() : BackupTenantJob.forTenant(of);
  }

  /** What {@code look} finds of the owner; a tenant that there is nothing of is refused. */
  <T> T lookUp(ConfigContext context, Config config, Function<JobKey, T> look, Predicate<T> none) {
    TenantId of = tenant;
    return of == null
        ? look.apply(job(null).key())
        : context.lookUp(config, of, id -> look.apply(job(id).key()), none);
  }
}
