package dev.sevenfold.backup.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The names of files as texts, which they are in the locale that Java was started in. */
final class FileText {

  /** What to do about a name that is a text in another locale only. */
  static final String OTHER_LOCALE = "start it with LC_ALL=C.UTF-8";

  private FileText() {}

  /** Whether a name survives as a string, so that a file of that name can be made again. */
  static boolean isText(Path file) {
    try {
      return file.getFileSystem().getPath(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      // In the locale C even the sign for what cannot be read is none that a name can have.
      return false;
    }
  }

  /** Whether every name that is Unicode can be a file's. */
  static boolean isUnicode() {
    return StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }
}
