package dev.sevenfold.backup.files;

import dev.sevenfold.backup.error.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The names of files, as texts and as messages have them. */
public final class FileText {

  /** What to do about a name that is a text in another locale only. */
  public static final String OTHER_LOCALE = "start it with LC_ALL=C.UTF-8";

  private FileText() {}

  /** Whether a name survives as a string, so that a file of that name can be made again. */
  public static boolean isText(Path file) {
    try {
      return file.getFileSystem().getPath(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      // In the locale C even the sign for what cannot be read is none that a name can have.
      return false;
    }
  }

  /** Whether every name that is Unicode can be a file's. */
  public static boolean isUnicode() {
    return StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }

  /** The path below a folder; what is no text, or no printable one, is escaped. */
  public static String of(Path root, Path file) {
    Path below = root.relativize(file);
    if (isText(file)) {
      return Printable.of(below.toString());
    }
    // A URI has the bytes that a string has not.
    String folder = root.toUri().getRawPath();
    String path = file.toUri().getRawPath();
    String slash = folder.endsWith("/") ? "" : "/";
    return path.startsWith(folder + slash) ? path.substring((folder + slash).length()) : path;
  }
}
