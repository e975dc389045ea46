package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus.Failure;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last failed backup of each tenant and of the system, in this process. Thread-safe. */
public final class FailureMemory implements BackupListener {

  /** Ids that no tenant has can fail too: what is remembered of them must not grow for ever. */
  private static final int MOST = 10_000;

  private final Clock clock;
  private final Map<Optional<TenantId>, Failure> failures = new LinkedHashMap<>();

  public FailureMemory(Clock clock) {
    this.clock = clock;
  }

  public synchronized Optional<Failure> last(Optional<TenantId> subject) {
    return Optional.ofNullable(failures.get(subject));
  }

  synchronized void forget(TenantId tenant) {
    failures.remove(Optional.of(tenant));
  }

  @Override
  public void backupFailed(TenantId tenant, BackupException failure) {
    remember(Optional.of(tenant), failure);
  }

  @Override
  public void systemBackupFailed(BackupException failure) {
    remember(Optional.empty(), failure);
  }

  private synchronized void remember(Optional<TenantId> subject, BackupException failure) {
    failures.remove(subject);
    failures.put(subject, new Failure(clock.instant(), failure.what(), failure.advice()));
    if (failures.size() > MOST) {
      failures.remove(failures.keySet().iterator().next());
    }
  }
}
