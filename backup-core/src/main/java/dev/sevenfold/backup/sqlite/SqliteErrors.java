package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.SourceUnavailable;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns what the driver throws into what a caller can act on. */
final class SqliteErrors {

  private static final int PRIMARY_CODE = 0xff;
  private static final Set<SQLiteErrorCode> DUPLICATES =
      Set.of(
          SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE,
          SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
          SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID);

  private SqliteErrors() {}

  static SourceUnavailable unavailable(String doing, SQLException cause) {
    return new SourceUnavailable(doing + " failed: " + reason(cause), advice(cause), cause);
  }

  static boolean isConstraint(SQLException e) {
    return code(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  /** Whether another row has a value that must be unique. */
  static boolean isDuplicate(SQLException e) {
    return e instanceof SQLiteException sqlite && DUPLICATES.contains(sqlite.getResultCode());
  }

  /** Whether rows are at fault, or what is computed from them, rather than the database. */
  static boolean isOfRows(SQLException e) {
    int code = code(e);
    return isConstraint(e)
        || code == SQLiteErrorCode.SQLITE_MISMATCH.code
        || code == SQLiteErrorCode.SQLITE_TOOBIG.code
        || code == SQLiteErrorCode.SQLITE_ERROR.code;
  }

  static boolean isBusy(SQLException e) {
    int code = code(e);
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  /** Whether the file is not, or no longer, a whole database. */
  static boolean isDamage(SQLException e) {
    int code = code(e);
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  private static int code(SQLException e) {
    return e.getErrorCode() & PRIMARY_CODE;
  }

  private static String reason(SQLException e) {
    if (e.getCause() instanceof NativeLibraryNotFoundException missing) {
      return "SQLite's native library could not be loaded: " + missing.getMessage();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Whether the driver has found no folder to put its library into. */
  private static boolean hasNoLibrary(SQLException e) {
    return e.getCause() instanceof NativeLibraryNotFoundException;
  }

  private static String advice(SQLException e) {
    int code = code(e);
    if (hasNoLibrary(e)) {
      return "Start Java with -Dorg.sqlite.tmpdir=DIR, a folder that this process may write to and"
          + " load libraries from; by default it is the temporary folder";
    }
    if (isBusy(e)) {
      return "Another connection holds the lock for longer than the busy timeout; raise it, or look"
          + " for a transaction that is never finished";
    }
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return "Free space on the disk that holds the database and on the one for scratch space";
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
