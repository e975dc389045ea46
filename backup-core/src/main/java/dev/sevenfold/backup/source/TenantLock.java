package dev.sevenfold.backup.source;

import java.util.List;

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

  @Override
  void close();
}
