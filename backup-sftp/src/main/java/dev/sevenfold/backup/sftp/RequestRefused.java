package dev.sevenfold.backup.sftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The server answered, and the answer is no. Trying again gets the same answer. */
final class RequestRefused extends IOException {

  private static final long serialVersionUID = 1L;

  // Version 3 knows the codes up to 8; servers are seen to send those of later versions, too.
  private static final int NO_SUCH_FILE = 2;
  private static final int PERMISSION_DENIED = 3;
  private static final int FAILURE = 4;
  private static final int UNSUPPORTED = 8;
  private static final int NO_SUCH_PATH = 10;
  private static final int FILE_ALREADY_EXISTS = 11;
  private static final int WRITE_PROTECT = 12;
  private static final int NO_SPACE = 14;
  private static final int QUOTA_EXCEEDED = 15;

  private static final long UNKNOWN = -1;

  private final int status;
  private final long freeBytes;

  /**
   * @param request what was asked for, with the path
   * @param status the server's code
   * @param words what the server said about it, if it did
   */
  RequestRefused(String request, int status, @Nullable String words) {
    super(request + " was refused: " + readable(words) + " (SFTP status " + status + ")");
    this.status = status;
    this.freeBytes = UNKNOWN;
  }

  private RequestRefused(RequestRefused refused, long freeBytes) {
    super(refused.getMessage(), refused);
    this.status = refused.status;
    this.freeBytes = freeBytes;
  }

  /** The same, known to be for lack of space: so many bytes were free. */
  RequestRefused withFreeBytes(long bytes) {
    return new RequestRefused(this, bytes);
  }

  /** How many bytes were free, as the end of a sentence; empty if nobody knows. */
  String freeBytes() {
    return freeBytes == UNKNOWN ? "" : ", " + freeBytes + " bytes free";
  }

  /** The server's words end up in logs: one line, and not the whole of a novel. */
  private static String readable(@Nullable String words) {
    if (words == null) {
      return "no reason given";
    }
    String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  /** Whether the code says why: OpenSSH's code for a taken name is that for a full disk, too. */
  boolean isTelling() {
    return status != FAILURE || freeBytes != UNKNOWN;
  }

  boolean isMissing() {
    return status == NO_SUCH_FILE || status == NO_SUCH_PATH;
  }

  boolean isDenied() {
    return status == PERMISSION_DENIED || status == WRITE_PROTECT;
  }

  boolean isUnsupported() {
    return status == UNSUPPORTED;
  }

  /** Whether no request of this kind is granted. */
  boolean isForbidden() {
    return isDenied() || isUnsupported();
  }

  boolean isTaken() {
    return status == FILE_ALREADY_EXISTS;
  }

  /** Whether the server said so itself, or the space that is left. */
  boolean isFull() {
    return status == NO_SPACE || status == QUOTA_EXCEEDED || freeBytes != UNKNOWN;
  }
}
