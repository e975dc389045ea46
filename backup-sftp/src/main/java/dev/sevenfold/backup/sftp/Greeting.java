package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.sftp.client.SftpErrorDataHandler;
import org.jspecify.annotations.Nullable;

/**
 * What is heard of a session before SFTP has begun on it. An account that may log in may still have
 * no SFTP: a shell that greets answers in its place, one that ends at once does not answer at all.
 * Thread-safe.
 */
final class Greeting implements SftpErrorDataHandler {

  private static final int MOST_BYTES = 200;

  private static final String IN = "The server lets the account in, but ";

  private static final String LOOK =
      "In the server's log see why; the folder of ChrootDirectory, and every one above it, has to"
          + " be root's and for no other to write to; an account without a login shell needs"
          + " \"ForceCommand internal-sftp\"";

  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private @Nullable ClientChannel session;
  private boolean refused;

  /** This is the session. */
  synchronized void of(ClientChannel opened) {
    session = opened;
  }

  /** The server does not start SFTP on it. */
  synchronized void refuse() {
    refused = true;
  }

  /** The server sent this in the place of SFTP's first packet, or as the beginning of it. */
  synchronized void answered(byte[] bytes, int start, int length) {
    answer.write(bytes, start, Math.min(length, MOST_BYTES - answer.size()));
  }

  /** Does nothing: what is written beside the answer keeps nobody from SFTP. */
  @Override
  public void errorData(byte[] bytes, int start, int length) {}

  /** Why there is no SFTP, as far as anybody can know. */
  synchronized IOException failure(Exception cause, Duration patience) {
    if (refused) {
      return new LoginRefused(
          IN + "starts no SFTP for it",
          "Put \"Subsystem sftp internal-sftp\" into the server's sshd_config and restart sshd, or"
              + " let the account use it",
          cause);
    }
    if (isText()) {
      return new LoginRefused(
          IN + "what answers is not SFTP; it begins with \"" + words() + "\"",
          "Let nothing print where no person logs in, neither the account's start-up files (.bashrc,"
              + " .profile) nor its ForceCommand; an account without a login shell needs"
              + " \"ForceCommand internal-sftp\"",
          cause);
    }
    if (session != null && session.getExitStatus() != null) {
      return new LoginRefused(
          IN + "its session ended at once, with exit status " + session.getExitStatus(),
          LOOK,
          cause);
    }
    if (cause instanceof SocketTimeoutException) {
      return new ConnectionLost(
          IN + "SFTP did not answer for " + Waiting.text(patience),
          "Check that the server is not overloaded, and that the account's ForceCommand or login"
              + " shell starts SFTP; then try again",
          cause);
    }
    return new ConnectionLost(
        IN + "closed the connection before SFTP began", "Try again. " + LOOK, cause);
  }

  /** Every packet of SFTP that can be the first begins with a zero. */
  private boolean isText() {
    return answer.size() > 0 && answer.toByteArray()[0] != 0;
  }

  /** What a person may have written; behind it SFTP itself may have begun. */
  private String words() {
    return answer.toString(UTF_8).replaceFirst("(?s)\0.*", "").replaceAll("\\s+", " ").strip();
  }
}
