package dev.sevenfold.backup.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that Sevenfold reports. Its subclasses are named by what the caller can
 * do: try later, never again, or read the list and change something.
 *
 * <p>The message says what happened, with the values, and then what to do; the two halves are also
 * available one by one. No message ever holds a secret, and each is {@link Printable}: a value or a
 * name in it cannot begin a line of its own, nor steer a terminal.
 */
public abstract sealed class BackupException extends RuntimeException
    permits ArchiveCorrupt,
        ArchiveNotFound,
        ArchiveNotReadable,
        BackupRefused,
        InvalidTenantModel,
        LabelTaken,
        OperationFailed,
        RestoreRefused,
        SourceUnavailable,
        StoreUnavailable {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final String advice;

  BackupException(String what, String advice, @Nullable Throwable cause) {
    super(Printable.of(what + ". " + advice), cause);
    this.what = Printable.of(Objects.requireNonNull(what, "what"));
    this.advice = Printable.of(Objects.requireNonNull(advice, "advice"));
  }

  /** What happened, with the values in it, as one sentence without its full stop. */
  public final String what() {
    return what;
  }

  /** What the caller can do about it. */
  public final String advice() {
    return advice;
  }
}
