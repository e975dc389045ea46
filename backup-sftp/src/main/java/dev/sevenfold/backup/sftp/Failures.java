package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Says what a failure on the way to the server means, and what to do about it. Immutable. */
final class Failures {

  private static final long FULL_BELOW_BYTES = 1 << 20;

  private final SftpSettings settings;
  private final Connections connections;

  Failures(SftpSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
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
    if (cause instanceof ConnectionLost lost) {
      return new StoreUnavailable(sentence, lost.advice(), cause);
    }
    if (cause instanceof RequestRefused refused) {
      return explain(sentence, refused.isTelling() ? refused : whenFull(refused));
    }
    if (cause.getCause() instanceof RequestRefused refused) {
      return explain(what + ": " + refused.getMessage(), refused);
    }
    return new StoreUnavailable(
        sentence, "Look at the folder and the disk below it, then try again", cause);
  }

  /**
   * OpenSSH does not say why a write failed; the space that is left tells. To be asked while what
   * was written is still there.
   */
  private RequestRefused whenFull(RequestRefused refused) {
    try {
      Optional<Sftp> sftp = connections.ifConnected();
      OptionalLong free =
          sftp.isEmpty() ? OptionalLong.empty() : sftp.get().freeBytes(settings.folder());
      return free.isPresent() && free.getAsLong() < FULL_BELOW_BYTES
          ? refused.withFreeBytes(free.getAsLong())
          : refused;
    } catch (IOException e) {
      refused.addSuppressed(e);
      return refused;
    }
  }

  private BackupException explain(String sentence, RequestRefused cause) {
    String folder = settings.folder();
    if (cause.isDenied()) {
      return new StoreUnavailable(
          sentence,
          "Let "
              + settings.user()
              + " read, write and enter "
              + folder
              + " on the server, and give files their names there, by hard links or renames; the disk"
              + " below it must not be read-only",
          cause);
    }
    if (cause.isMissing()) {
      return new StoreUnavailable(
          sentence, "Create the folder above " + folder + " on the server, then try again", cause);
    }
    if (cause.isFull()) {
      return StoreUnavailable.full(
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
