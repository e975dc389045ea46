package dev.sevenfold.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Makes backups that are some days old. */
final class Backdated {

  private Backdated() {}

  /** Makes a backup of a tenant by a clock that is behind. */
  static void backup(Path folder, TenantId tenant, Duration ago) {
    Clock clock = Clock.offset(Clock.systemUTC(), ago.negated());
    TenantModel model =
        TenantModel.rootedAt("tenants").column("tenant_id").ignored("backup_schedules").build();
    try (BackupService then =
        BackupService.builder(
                SqliteTenantSource.builder(folder.resolve("application.sqlite3"), model)
                    .clock(clock)
                    .build(),
                DirectoryArchiveStore.at(folder.resolve("backups")))
            .clock(clock)
            .build()) {
      assertThat(then.backup(tenant).restorePoint().verified()).isTrue();
    }
  }
}
