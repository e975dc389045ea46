package dev.sevenfold.backup.report;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one tenant in a run over all of them: either a report or a failure. Immutable.
 *
 * @param tenant the tenant
 * @param report what was backed up
 * @param failure why it was not
 */
public record BackupOutcome(
    TenantId tenant, Optional<BackupReport> report, Optional<BackupException> failure) {

  /** Requires exactly one of the two. */
  public BackupOutcome {
    Objects.requireNonNull(tenant, "tenant");
    if (report.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "The backup of tenant " + tenant + " has either a report or a failure");
    }
  }

  public static BackupOutcome completed(TenantId tenant, BackupReport report) {
    return new BackupOutcome(tenant, Optional.of(report), Optional.empty());
  }

  public static BackupOutcome failed(TenantId tenant, BackupException failure) {
    return new BackupOutcome(tenant, Optional.empty(), Optional.of(failure));
  }
}
