package dev.sevenfold.backup.cli.run;

/** The arguments make no sense together, or name something that is not there. */
public final class UsageException extends RuntimeException {
  public UsageException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
