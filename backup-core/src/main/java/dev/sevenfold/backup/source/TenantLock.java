package dev.sevenfold.backup.source;

/** The right to back up or restore one tenant, until it is closed. Close it in the same thread. */
@FunctionalInterface
public interface TenantLock extends AutoCloseable {
  @Override
  void close();
}
