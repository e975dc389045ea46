package dev.sevenfold.backup.source;

/**
 * The right to number and publish a backup of a system, until it is closed. Close it in the same
 * thread.
 */
@FunctionalInterface
public interface SystemLock extends AutoCloseable {

  @Override
  void close();
}
