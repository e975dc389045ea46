package dev.sevenfold.backup.error;

import java.util.List;

/**
 * A check before a backup failed: a table that nobody claims, an unknown tenant, rows that lead to
 * two tenants. Nothing was written.
 */
public final class BackupRefused extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Serializable by contract of Throwable; {@code List.copyOf} of strings is. */
  @SuppressWarnings("serial")
  private final List<String> reasons;

  /** One sentence on what was refused, one line per reason, and what to do. */
  public BackupRefused(String what, List<String> reasons, String advice) {
    super(reasons.isEmpty() ? what : what + ": " + String.join("; ", reasons), advice, null);
    this.reasons = Printable.of(reasons);
  }

  /** Every reason, each naming the table, row or value that it is about. */
  public List<String> reasons() {
    return reasons;
  }
}
