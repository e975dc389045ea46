package dev.sevenfold.backup.cli;

/** The arguments make no sense together, or name something that is not there. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
