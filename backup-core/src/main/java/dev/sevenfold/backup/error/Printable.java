package dev.sevenfold.backup.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of others, fit for one line of a terminal, a log or a mail: values, names of tables and
 * files, ids. Whoever wrote them must neither steer a terminal, nor begin lines of their own, nor
 * turn the rest of a line around. Every message of a {@link BackupException} is such a text.
 */
public final class Printable {

  // Control and format characters, halves of surrogate pairs, line and paragraph separators.
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** The text as it is, each character that is none to be printed by its number in braces. */
  public static String of(String text) {
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement("\\u{%x}".formatted(found.group().codePointAt(0))));
  }

  /** All of these texts. */
  public static List<String> of(List<String> texts) {
    return texts.stream().map(Printable::of).toList();
  }

  /**
   * Why something could not be done with a file that the caller names: the system's own words,
   * which an exception's message does not have where there are classes for them. Then it is the
   * path alone.
   */
  public static String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
    if (reason != null && !reason.isBlank()) {
      return reason;
    }
    if (failure instanceof AccessDeniedException) {
      return "that is not permitted to this process";
    }
    if (failure instanceof NoSuchFileException) {
      return "it is not there";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (failure instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    return failure instanceof DirectoryNotEmptyException
        ? "it is a folder with files in it"
        : failure.getClass().getSimpleName();
  }

  /** The {@link #reason}, and the file, where the caller does not know which one it was. */
  public static String reasonWithFile(IOException failure) {
    return failure instanceof FileSystemException of && of.getFile() != null
        ? of.getFile() + ": " + reason(failure)
        : reason(failure);
  }

  /**
   * A failure to be logged, with its causes, as a driver or a system may have put anything into
   * their messages: itself where all of them can be printed, else one with the same stack trace
   * that says the same.
   */
  public static Throwable failure(Throwable failure) {
    Throwable printable = copy(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    return printable instanceof Told told && told.differs ? told : failure;
  }

  private static @Nullable Throwable copy(@Nullable Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return null;
    }
    Told told = new Told(failure, copy(failure.getCause(), seen));
    for (Throwable suppressed : failure.getSuppressed()) {
      @Nullable Throwable other = copy(suppressed, seen);
      if (other != null) {
        told.addSuppressed(other);
        told.differs |= other instanceof Told one && one.differs;
      }
    }
    return told;
  }

  /** What stands for a failure in a log. */
  private static final class Told extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private boolean differs;

    private Told(Throwable failure, @Nullable Throwable cause) {
      super(of(failure.toString()), cause);
      this.differs =
          !failure.toString().equals(getMessage()) || (cause instanceof Told told && told.differs);
      setStackTrace(failure.getStackTrace());
    }

    @Override
    @SuppressWarnings(
        "OverrideThrowableToString") // the message begins with the failure's own class
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
