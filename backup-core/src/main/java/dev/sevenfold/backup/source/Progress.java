package dev.sevenfold.backup.source;

/** Hears how far a piece of work is. Called from the working thread; must return quickly. */
@FunctionalInterface
public interface Progress {

  /** What is being counted. */
  enum Unit {
    /** Tables read, written or compared. */
    TABLES,
    /** Attached files. */
    FILES,
    /** Bytes of the archive's content. */
    BYTES
  }

  /**
   * Tells that {@code done} of {@code total} are done.
   *
   * @param step what is being done, in a word or two: {@code extract}, {@code merge}
   */
  void report(String step, Unit unit, long done, long total);

  /** Nobody listens. */
  static Progress none() {
    return (step, unit, done, total) -> {};
  }
}
