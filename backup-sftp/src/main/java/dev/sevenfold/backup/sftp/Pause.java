package dev.sevenfold.backup.sftp;

import java.time.Duration;

/** Lets time pass between two attempts; a test lets none. */
@FunctionalInterface
interface Pause {

  /** Returns when the time is over. */
  void take(Duration duration) throws InterruptedException;
}
