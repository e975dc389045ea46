package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.Label;
import java.time.Instant;

/**
 * Says which archive is restored, and of when it is: before, for whoever looks on, and after.
 *
 * @param shell where to
 * @param json whether standard output is for one JSON value alone
 * @param label the archive
 * @param capturedAt the instant that it goes back to
 */
public record WhichArchive(Shell shell, boolean json, Label label, Instant capturedAt) {

  public static WhichArchive of(Shell shell, boolean json, RestorePoint point) {
    return new WhichArchive(shell, json, point.label(), point.capturedAt());
  }

  /** Says before the restore which archive it is, where the operator has not named it. */
  public WhichArchive announce(Instant now) {
    say("restoring " + this);
    return warnOfFuture(now);
  }

  /** Warns before the restore of an instant in the future: it is not as new as it looks. */
  public WhichArchive warnOfFuture(Instant now) {
    if (capturedAt.isAfter(now)) {
      shell.warn(
          "%s says that it was captured at %s, and it is %s: a clock is wrong, or was"
              .formatted(label, capturedAt, now));
    }
    return this;
  }

  /** Says after the restore which archive it was. */
  public void done() {
    say("restored from " + this);
  }

  private void say(String line) {
    if (!json) {
      shell.print(line);
    }
  }

  @Override
  public String toString() {
    return label + ", captured at " + capturedAt;
  }
}
