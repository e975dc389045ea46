package dev.sevenfold.backup.mail;

/** The outbox could not be read or written: a full disk, a missing permission. Try again later. */
public final class OutboxFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public OutboxFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
