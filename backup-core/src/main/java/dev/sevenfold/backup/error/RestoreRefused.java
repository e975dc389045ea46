package dev.sevenfold.backup.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A check before or during a restore failed. Nothing was changed; the reasons list everything that
 * stands in the way.
 */
public final class RestoreRefused extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Serializable by contract of Throwable; {@code List.copyOf} of strings is. */
  @SuppressWarnings("serial")
  private final List<String> reasons;

  /** One sentence on what was refused, one line per reason, and what to do. */
  public RestoreRefused(String what, List<String> reasons, String advice) {
    this(what, reasons, advice, null);
  }

  /** With the cause that led to the refusal: what a check of the host threw, for instance. */
  public RestoreRefused(
      String what, List<String> reasons, String advice, @Nullable Throwable cause) {
    super(reasons.isEmpty() ? what : what + ": " + String.join("; ", reasons), advice, cause);
    this.reasons = Printable.of(reasons);
  }

  /** Every reason, each naming the table, row or value that it is about. */
  public List<String> reasons() {
    return reasons;
  }
}
