package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.OptionalLong;

/** Says what a failure on the way to the server means, and what to do about it. Immutable. */
final class Failures {

  private static final long FULL_BELOW_BYTES = 1 << 20;

  private final SftpParts parts;

  Failures(SftpParts parts) {
    this.parts = parts;
  }

  /**
   * The exception to throw.
   *
   * @param what what did not work, as the beginning of a sentence
   */
  BackupException explain(String what, IOException cause) {
    if (cause instanceof InterruptedIOException) {
      return new OperationFailed(
          what + ", because its thread was interrupted",
          "Start it again when it may finish",
          cause);
    }
    String sentence = what + ": " + cause.getMessage();
    if (cause instanceof LoginRefused refused) {
      return new StoreUnavailable(sentence, refused.advice(), cause);
    }
    if (cause instanceof ConnectionLost) {
      return new StoreUnavailable(
          sentence,
          "Check that the server is up and can be reached (host, port, firewall), then try again",
          cause);
    }
    if (cause instanceof RequestRefused refused) {
      return explain(sentence, refused);
    }
    return new StoreUnavailable(
        sentence, "Look at the folder and the disk below it, then try again", cause);
  }

  private BackupException explain(String sentence, RequestRefused cause) {
    String folder = parts.settings().folder();
    if (cause.isDenied()) {
      return new StoreUnavailable(
          sentence,
          "Let "
              + parts.settings().user()
              + " read, write and enter "
              + folder
              + " on the server; the disk below it must not be read-only",
          cause);
    }
    if (cause.isMissing()) {
      return new StoreUnavailable(
          sentence, "Create the folder above " + folder + " on the server, then try again", cause);
    }
    OptionalLong free = freeBytes();
    if (cause.isFull() || (free.isPresent() && free.getAsLong() < FULL_BELOW_BYTES)) {
      String space = free.isPresent() ? ", " + free.getAsLong() + " bytes free" : "";
      return new StoreUnavailable(
          sentence + "; the disk is full" + space,
          "Make room there, then try again; nothing half-written was left behind",
          cause);
    }
    return new StoreUnavailable(
        sentence,
        "Look at the server's log, the account's quota and the disk, then try again",
        cause);
  }

  /** OpenSSH does not say why a write failed; the space that is left tells. */
  private OptionalLong freeBytes() {
    try {
      var sftp = parts.connections().ifConnected();
      return sftp.isEmpty()
          ? OptionalLong.empty()
          : sftp.get().freeBytes(parts.settings().folder());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
