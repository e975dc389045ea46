package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.journal.CommittedRestore;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.TenantSnapshot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore that is done.
 *
 * @param plan the one that was executed
 * @param announced what its safety archive was made of
 * @param replaced the tenant as it was immediately before
 */
record Applied(
    RestorePlan plan, TenantSnapshot announced, TenantSnapshot replaced, CommittedRestore committed)
    implements AppliedRestore {

  private static final Logger log = LoggerFactory.getLogger(Applied.class);

  @Override
  public Optional<TenantSnapshot> announceReplaced() {
    if (replaced.equals(announced)) {
      return Optional.empty();
    }
    committed.announce(replaced.capturedAt());
    return Optional.of(replaced);
  }

  @Override
  public void settled() {
    if (!committed.unfinished().isEmpty()) {
      throw new OperationFailed(
          "The rows of tenant "
              + plan.target()
              + " are restored, but not all of its files are in place: "
              + String.join("; ", committed.unfinished()),
          "Clear the cause; whatever is done with this tenant next completes the restore first");
    }
    try {
      committed.forget();
    } catch (IOException e) {
      // All is done, and all that is left is a note of it.
      log.warn(
          "Tenant {} is restored; the note of it goes with the next work on it",
          plan.target(),
          Printable.failure(e));
    }
  }
}
