package dev.sevenfold.backup.report;

import dev.sevenfold.backup.source.RestorePlan;
import java.util.Optional;

/**
 * Has a say before a tenant is restored, and stops the application's own writers meanwhile. Every
 * method does nothing by default. Thread-safe: several tenants may be restored at a time.
 *
 * <pre>{@code
 * RestoreGuard guard =
 *     new RestoreGuard() {
 *       @Override
 *       public Optional<String> veto(RestorePlan plan) {
 *         return plan.target().value().equals("1")
 *             ? Optional.of("this tenant is closed for its audit")
 *             : Optional.empty();
 *       }
 *
 *       @Override
 *       public Pause pause(RestorePlan plan) {
 *         System.out.println("no writers for " + plan.target());
 *         return () -> System.out.println("go on with " + plan.target());
 *       }
 *     };
 * }</pre>
 *
 * <p>Both are called once for each restore that would write something and that nothing stands in
 * the way of, an undo too: before the first write, with the tenant's lock and without a lock of the
 * database. What the tenant's people write from then on is part of what is restored over, as ever.
 */
public interface RestoreGuard {

  /** Lets everything pass. */
  RestoreGuard NONE = new RestoreGuard() {};

  /** Ends a pause. */
  @FunctionalInterface
  interface Pause extends AutoCloseable {
    /**
     * Lets the writers go on: the restore is over, done, refused or failed. Called once, before
     * {@link BackupListener} hears of it; not if the process dies before that: a mark that the host
     * keeps elsewhere stays, until the host takes it away when {@link BackupListener#recovered} is
     * told, or at its start. An exception is logged, and changes nothing about the restore.
     */
    @Override
    void close();
  }

  /**
   * Says no to a restore: then it is refused, nothing is changed, and no safety archive is taken.
   * An exception refuses it too.
   *
   * @param plan what would be done
   * @return the reason, a sentence for whoever asked for the restore; empty to let it be done
   */
  default Optional<String> veto(RestorePlan plan) {
    return Optional.empty();
  }

  /**
   * Stops what the application itself writes for the tenant, its jobs, say. An exception refuses
   * the restore; then the host has to undo by itself what it had stopped.
   *
   * @param plan what would be done
   * @return what lets it go on
   */
  default Pause pause(RestorePlan plan) {
    return () -> {};
  }
}
