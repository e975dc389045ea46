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
   * A restore that was begun by {@link PlannedRestore#announce} and that nobody has {@link
   * #settled} since. Looks into the database whether it was done, and completes or reverts what is
   * left of it, if that did not happen yet.
   *
   * @return empty also where the source keeps no record, as one in memory
   * @throws SourceUnavailable if the database cannot be asked
   * @throws OperationFailed if files stand in the way
   */
  default Optional<InterruptedRestore> interrupted() {
    return Optional.empty();
  }

  /**
   * Tells that the store says of the safety archives what became of a restore, so that the source
   * may forget it.
   *
   * @param restore what {@link #interrupted} found
   * @throws OperationFailed if that could not be noted; {@link #interrupted} has it again then
   */
  default void settled(InterruptedRestore restore) {}

  @Override
  void close();
}
