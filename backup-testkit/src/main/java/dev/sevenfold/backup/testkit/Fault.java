package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.util.Objects;
import java.util.function.Supplier;

/** What goes wrong in one call of a {@link FaultyArchiveStore}. Immutable. */
public sealed interface Fault {

  /** The call fails with {@link StoreUnavailable} before it has done anything. */
  static Fault before() {
    return new Before(Fault::lost);
  }

  /** The call fails with this exception before it has done anything. */
  static Fault before(Supplier<? extends RuntimeException> failure) {
    return new Before(failure);
  }

  /**
   * The call takes effect, and its answer is lost, be it an exception: it fails with {@link
   * StoreUnavailable}.
   */
  static Fault after() {
    return new After(Fault::lost);
  }

  /** The call takes effect, and fails with this exception all the same. */
  static Fault after(Supplier<? extends RuntimeException> failure) {
    return new After(failure);
  }

  /**
   * An upload fails once {@code bytes} bytes are written; reading an archive fails with an {@link
   * java.io.IOException} once as many are read.
   */
  static Fault afterBytes(long bytes) {
    return new AfterBytes(bytes);
  }

  /** Reading an archive ends after {@code bytes} bytes, in silence. */
  static Fault cutShortAfter(long bytes) {
    return new CutShort(bytes);
  }

  /** Reading an archive gives another byte than was written at {@code offset}. */
  static Fault corruptByteAt(long offset) {
    return new CorruptByte(offset);
  }

  private static RuntimeException lost() {
    return new StoreUnavailable("The connection was lost, as scripted", "Try again");
  }

  /** See {@link Fault#before()}. */
  record Before(Supplier<? extends RuntimeException> failure) implements Fault {
    /** Requires the failure. */
    public Before {
      Objects.requireNonNull(failure, "failure");
    }
  }

  /** See {@link Fault#after()}. */
  record After(Supplier<? extends RuntimeException> failure) implements Fault {
    /** Requires the failure. */
    public After {
      Objects.requireNonNull(failure, "failure");
    }
  }

  /** See {@link Fault#afterBytes}. */
  record AfterBytes(long bytes) implements Fault {
    /** Refuses a negative number. */
    public AfterBytes {
      requireNotNegative(bytes);
    }
  }

  /** See {@link Fault#cutShortAfter}. */
  record CutShort(long bytes) implements Fault {
    /** Refuses a negative number. */
    public CutShort {
      requireNotNegative(bytes);
    }
  }

  /**
   * See {@link Fault#corruptByteAt}.
   *
   * @param offset counted from the archive's first byte, wherever reading begins
   */
  record CorruptByte(long offset) implements Fault {
    /** Refuses a negative number. */
    public CorruptByte {
      requireNotNegative(offset);
    }
  }

  private static void requireNotNegative(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("A fault cannot be at byte " + bytes);
    }
  }
}
