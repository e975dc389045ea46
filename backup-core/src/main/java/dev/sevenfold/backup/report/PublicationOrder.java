package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.Label;
import java.time.Instant;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The order in which an owner's archives were published, whatever the clock said: by their
 * sequence. Those without one are older than that and come first, by their instants.
 */
public final class PublicationOrder {

  /** A tenant's archives, the first first. */
  public static final Comparator<RestorePoint> OF_TENANT =
      by(RestorePoint::sequence, RestorePoint::capturedAt, RestorePoint::label);

  /** The system's archives, the first first. */
  public static final Comparator<SystemPoint> OF_SYSTEM =
      by(SystemPoint::sequence, SystemPoint::capturedAt, SystemPoint::label);

  private PublicationOrder() {}

  // Two that were published at a time, by processes that knew nothing of each other, may have one
  // number: then it is the instant that tells, and the label makes the order the same for all.
  private static <P> Comparator<P> by(
      Function<P, OptionalLong> sequence, Function<P, Instant> instant, Function<P, Label> label) {
    return Comparator.<P>comparingLong(point -> sequence.apply(point).orElse(0))
        .thenComparing(instant)
        .thenComparing(label);
  }
}
