package dev.sevenfold.backup.sftp;

import java.time.Duration;

/** Values as messages show them. */
final class Words {

  private Words() {}

  /** {@code 30 s}, {@code 1.5 s}. */
  static String of(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }
}
