package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.source.InterruptedRestore;
import dev.sevenfold.backup.source.TenantLock;
import java.util.List;
import java.util.Optional;

/** A tenant's lock, and what was found of a restore when it was taken. Use from one thread. */
public final class RecoveredLock implements TenantLock {

  private final TenantLock lock;
  private final RestoreRecovery recovery;
  private final long position;
  private final List<String> recovered;

  private RecoveredLock(
      TenantLock lock, RestoreRecovery recovery, long position, List<String> recovered) {
    this.lock = lock;
    this.recovery = recovery;
    this.position = position;
    this.recovered = recovered;
  }

  /** Recovers under a lock that was just taken, and lets it go if that fails. */
  public static RecoveredLock of(TenantLock lock, RestoreRecovery recovery, long position) {
    boolean done = false;
    try {
      List<String> recovered = recovery.recover(position);
      done = true;
      return new RecoveredLock(lock, recovery, position, recovered);
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  @Override
  public List<String> recovered() {
    return recovered;
  }

  @Override
  public Optional<InterruptedRestore> interrupted() {
    return recovery.interrupted(position);
  }

  @Override
  public void settled(InterruptedRestore restore) {
    recovery.forget(position);
  }

  @Override
  public void close() {
    lock.close();
  }
}
