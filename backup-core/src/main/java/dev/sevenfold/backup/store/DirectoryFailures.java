package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Says what a file system's refusal means, and what to do about it. */
final class DirectoryFailures {

  private DirectoryFailures() {}

  /**
   * @param what what did not work, as the beginning of a sentence
   */
  static BackupException explain(String what, Path root, IOException cause) {
    if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException) {
      return new OperationFailed(
          what + ", because its thread was interrupted",
          "Start it again when it may finish",
          cause);
    }
    String reason = reason(cause);
    String sentence = what + ": " + reason + space(root, reason);
    return isFull(reason)
        ? StoreUnavailable.full(sentence, advice(cause), cause)
        : new StoreUnavailable(sentence, advice(cause), cause);
  }

  /** Whether the file system, or its mount, lets this user not do that. */
  static boolean isForbidden(FileSystemException refused) {
    return refused instanceof AccessDeniedException
        || String.valueOf(refused.getReason()).contains("not permitted");
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (cause instanceof NoSuchFileException missing) {
      return missing.getFile() + " is not there";
    }
    if (cause instanceof NotDirectoryException file) {
      return file.getFile() + " is not a folder";
    }
    if (cause instanceof FileSystemException refused && refused.getReason() != null) {
      return refused.getReason() + " (" + refused.getFile() + ")";
    }
    return String.valueOf(cause.getMessage());
  }

  private static boolean isFull(String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    return lower.contains("no space left")
        || lower.contains("quota exceeded")
        || lower.contains("not enough space");
  }

  private static String space(Path root, String reason) {
    if (!isFull(reason)) {
      return "";
    }
    try {
      return ", " + Files.getFileStore(root).getUsableSpace() + " bytes free";
    } catch (IOException e) {
      return "";
    }
  }

  private static String advice(IOException cause) {
    String reason = reason(cause);
    if (isFull(reason)) {
      return "Make room there, then try again; nothing half-written was left behind";
    }
    if (cause instanceof AccessDeniedException) {
      return "Let the user that this process runs as read, write and enter the folder";
    }
    if (reason.toLowerCase(Locale.ROOT).contains("read-only file system")) {
      return "Mount the file system writable, then try again";
    }
    return "Look at the folder and the disk below it, then try again";
  }
}
