package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Says what a failure on the way to the server means, and what to do about it. Immutable. */
final class Failures {

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
      return explain(sentence, refused.isTelling() ? refused : parts.whenFull(refused));
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
    if (cause.isFull()) {
      return new StoreUnavailable(
          sentence + "; the disk is full" + cause.freeBytes(),
          "Make room there, then try again; nothing half-written was left behind",
          cause);
    }
    return new StoreUnavailable(
        sentence,
        "Look at the server's log, the account's quota and the disk, then try again",
        cause);
  }
}
