package dev.sevenfold.backup.system;

import dev.sevenfold.backup.io.DurableFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One place of which the content changes. Immutable; all paths are absolute.
 *
 * @param target the place
 * @param kind what belongs there
 * @param hadOld whether anything was there before
 * @param old where that is set aside
 * @param fresh where the new content waits; null if nothing takes the place
 */
public record Move(Path target, Kind kind, boolean hadOld, Path old, @Nullable Path fresh) {

  /** What belongs to a place. */
  enum Kind {
    /** A database file. */
    DATABASE,
    /** The file of a database that the host makes anew. */
    REBUILT,
    /** What SQLite keeps beside a database. */
    BESIDE,
    /** What SQLite keeps beside a database that the host makes anew. */
    BESIDE_REBUILT,
    /** A tree, a file or folder of one. */
    OTHER
  }

  /** Whether SQLite would take what lies beside this file for its own. */
  boolean isDatabase() {
    return kind == Kind.DATABASE || kind == Kind.REBUILT;
  }

  /** Whether this is nothing without the database file that it lies beside. */
  boolean isBeside() {
    return kind == Kind.BESIDE || kind == Kind.BESIDE_REBUILT;
  }

  /** Whether the old content is of no use, since it can be made anew. */
  boolean isDerived() {
    return kind == Kind.REBUILT || kind == Kind.BESIDE_REBUILT;
  }

  /** Whether what is at the place now is not what was there before. */
  boolean isOldAway() {
    return !hadOld || DurableFiles.exists(old);
  }
}
