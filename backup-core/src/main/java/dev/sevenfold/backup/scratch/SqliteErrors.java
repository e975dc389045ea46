package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.error.SourceUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns what the driver throws into what a caller can act on. */
public final class SqliteErrors {

  private static final int PRIMARY_CODE = 0xff;

  /** More than SQLite's native library has. */
  private static final int LIBRARY_BYTES = 4 << 20;

  private static final Set<SQLiteErrorCode> DUPLICATES =
      Set.of(
          SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE,
          SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
          SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID);

  /** What a connection lacks, or does not let a schema use. */
  private static final Pattern MISSING =
      Pattern.compile(
          "(?:unknown function|no such function|no such collation sequence|no such module"
              + "|no such tokenizer|unknown tokenizer|error in tokenizer constructor"
              + "|unsafe use of)[^()]*(?:\\(\\))?");

  private SqliteErrors() {}

  public static SourceUnavailable unavailable(String doing, SQLException cause) {
    return new SourceUnavailable(doing + " failed: " + reason(cause), advice(cause), cause);
  }

  /** What a piece of work answers, whose failure a caller can do nothing about but try again. */
  public static <T> T orUnavailable(String doing, Session.Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw unavailable(doing, e);
    }
  }

  public static boolean isConstraint(SQLException e) {
    return code(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  /** Whether another row has a value that must be unique. */
  public static boolean isDuplicate(SQLException e) {
    return e instanceof SQLiteException sqlite && DUPLICATES.contains(sqlite.getResultCode());
  }

  /** Whether a row breaks a CHECK. */
  public static boolean isCheck(SQLException e) {
    return e instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_CHECK;
  }

  /** Whether rows are at fault, or what is computed from them, rather than the database. */
  public static boolean isOfRows(SQLException e) {
    int code = code(e);
    return isConstraint(e)
        || code == SQLiteErrorCode.SQLITE_MISMATCH.code
        || code == SQLiteErrorCode.SQLITE_TOOBIG.code
        || code == SQLiteErrorCode.SQLITE_ERROR.code;
  }

  public static boolean isBusy(SQLException e) {
    int code = code(e);
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  /**
   * Whether the file is not, or no longer, a whole database. SQLite says so too of a schema that
   * needs what the connection lacks, and of derived data: neither is damage of the file.
   */
  public static boolean isDamage(SQLException e) {
    int code = code(e);
    return (code == SQLiteErrorCode.SQLITE_CORRUPT.code
            || code == SQLiteErrorCode.SQLITE_NOTADB.code)
        && !isDamageOfDerived(e)
        && !isMissing(e);
  }

  /** Whether what a virtual table keeps for itself is damaged: a search index, say. */
  public static boolean isDamageOfDerived(SQLException e) {
    return e instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_VTAB;
  }

  /** Whether a schema needs a function, collation, module or tokenizer that is not here. */
  public static boolean isMissing(SQLException e) {
    return MISSING.matcher(String.valueOf(e.getMessage())).find();
  }

  /** Whether a schema calls what no schema may call on this connection. */
  public static boolean isForbidden(SQLException e) {
    return String.valueOf(e.getMessage()).contains("unsafe use of");
  }

  /** What is not here, as SQLite names it. */
  public static String missing(SQLException e) {
    Matcher missing = MISSING.matcher(String.valueOf(e.getMessage()));
    return missing.find() ? missing.group() : String.valueOf(e.getMessage());
  }

  /** Whether a value is longer than it may be. */
  public static boolean isTooLong(SQLException e) {
    return code(e) == SQLiteErrorCode.SQLITE_TOOBIG.code;
  }

  /** Whether a statement makes no sense, or what it calls does not work. */
  public static boolean isPlainError(SQLException e) {
    return code(e) == SQLiteErrorCode.SQLITE_ERROR.code;
  }

  /** Whether a database cannot be attached since its texts are encoded otherwise. */
  public static boolean isOfAnotherEncoding(SQLException e) {
    return String.valueOf(e.getMessage()).contains("same text encoding");
  }

  private static int code(SQLException e) {
    return e.getErrorCode() & PRIMARY_CODE;
  }

  private static String reason(SQLException e) {
    if (e.getCause() instanceof NativeLibraryNotFoundException missing) {
      return "SQLite's native library could not be loaded from the folder "
          + libraryFolder()
          + ": "
          + noRoom(libraryFolder()).map(IOException::toString).orElse(missing.getMessage());
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static Path libraryFolder() {
    return Path.of(System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir")));
  }

  /**
   * Why no file of a native library's size can be put into a folder; empty if one can. The driver
   * says of a full disk only that there is no library.
   */
  public static Optional<IOException> noRoom(Path folder) {
    try {
      Path probe = Files.createTempFile(folder, "sevenfold-", ".tmp");
      try {
        Files.write(probe, new byte[LIBRARY_BYTES]);
      } finally {
        Files.delete(probe);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  /** Whether the driver has found no folder to put its library into. */
  private static boolean hasNoLibrary(SQLException e) {
    return e.getCause() instanceof NativeLibraryNotFoundException;
  }

  /**
   * Where SQLite puts what does not fit into memory; by its own rules, which no setting changes.
   */
  private static String temporaryFolder() {
    for (String variable : List.of("SQLITE_TMPDIR", "TMPDIR")) {
      String folder = System.getenv(variable);
      if (folder != null && !folder.isEmpty()) {
        return folder + " (" + variable + ")";
      }
    }
    return "/var/tmp, or what SQLITE_TMPDIR names";
  }

  private static String advice(SQLException e) {
    int code = code(e);
    if (hasNoLibrary(e)) {
      return noRoom(libraryFolder()).map(why -> "Free space there, or start").orElse("Start")
          + " Java with -Dorg.sqlite.tmpdir=DIR, a folder that this process may write to and"
          + " load libraries from; by default it is the temporary folder";
    }
    if (isMissing(e)) {
      return "The schema needs what this connection lacks: register it on the connections that are"
          + " lent, or by customize(…) on those of the library's own";
    }
    if (isBusy(e)) {
      return "Another connection holds the lock for longer than the busy timeout; raise it, or look"
          + " for a transaction that is never finished";
    }
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return "Free space on the disk that holds the database, on the one for scratch space, and on"
          + " the one for SQLite's own temporary files, "
          + temporaryFolder();
    }
    if (code == SQLiteErrorCode.SQLITE_NOMEM.code) {
      return "Give this process more memory, then try again; nothing is wrong with the data";
    }
    if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
      return "Check the disks that hold the database, the scratch folder, and SQLite's own"
          + " temporary files, "
          + temporaryFolder();
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
        || code == SQLiteErrorCode.SQLITE_PERM.code) {
      return "Check that the database exists and that this process may read and write it and its"
          + " folder";
    }
    if (isDamage(e)) {
      return "Run PRAGMA integrity_check on the database; restore it from a system backup if it is"
          + " damaged";
    }
    return "The live data is as it was; see the cause";
  }
}
