package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import java.util.List;
import java.util.Optional;

/** The right to back up or restore one tenant, until it is closed. Close it in the same thread. */
@FunctionalInterface
public interface TenantLock extends AutoCloseable {

  /**
   * What a restore of the tenant had left behind that was killed, and what was done about it when
   * the lock was taken; one sentence each.
   */
  default List<String> recovered() {
    return List.of();
  }

  /**
   * A restore of which a safety archive was announced by {@link PreparedRestore#announceSafety} and
   * that nobody has {@link #settled} since. Looks into the database whether it was done, and
   * completes or reverts what is left of it, if that did not happen yet.
   *
   * @return empty also where the source keeps no record, as one in memory
   * @throws SourceUnavailable if the database cannot be asked
   * @throws OperationFailed if files stand in the way
   */
  default Optional<InterruptedRestore> interrupted() {
    return Optional.empty();
  }

  /**
   * Tells that the store says of the safety archives what became of the restore, so that the source
   * may forget it: after {@link #interrupted}, or after a restore that left nothing unfinished.
   *
   * @throws OperationFailed if that could not be noted; {@link #interrupted} has the restore again
   *     then
   */
  default void settled() {}

  @Override
  void close();
}
