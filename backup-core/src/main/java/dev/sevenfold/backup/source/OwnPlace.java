package dev.sevenfold.backup.source;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A place on this machine that backups themselves live in: a store, a scratch folder, a key. Where
 * one lies below a tree that is backed up, it is left out of the backup, and a restore neither
 * moves nor deletes it. Immutable, and thread-safe if its test of names is.
 */
public final class OwnPlace {

  /** How much of a place is ours. */
  public enum Extent {
    /** A file, or a folder with all that is in it. */
    WHOLE,
    /** A database file and what SQLite keeps beside it; it is copied as a database. */
    DATABASE,
    /** Those files and folders in a folder that have certain names; all others are the host's. */
    NAMED
  }

  private final String what;
  private final Path path;
  private final Extent extent;
  private final Predicate<String> names;
  private final Predicate<String> folders;

  private OwnPlace(
      String what, Path path, Extent extent, Predicate<String> names, Predicate<String> folders) {
    this.what = Objects.requireNonNull(what, "what");
    this.path = path.toAbsolutePath().normalize();
    this.extent = extent;
    this.names = Objects.requireNonNull(names, "names");
    this.folders = Objects.requireNonNull(folders, "folders");
  }

  /**
   * A file, or a folder with all that is in it; it need not be there.
   *
   * @param what what it is, for people: {@code a key}
   */
  public static OwnPlace of(String what, Path path) {
    return new OwnPlace(what, path, Extent.WHOLE, name -> false, name -> false);
  }

  /**
   * A SQLite database, such as that of a {@code BackupScheduler} or a {@code SqliteLinkStore}.
   * Where it lies below a tree it is backed up as a database is, and comes back where there is
   * none.
   *
   * @param what what it is, for people: {@code the schedules}
   */
  public static OwnPlace database(String what, Path file) {
    return new OwnPlace(what, file, Extent.DATABASE, name -> false, name -> false);
  }

  /**
   * A folder that others may have files in too.
   *
   * @param what what it is, for people: {@code the store}
   * @param names which names in it are ours
   */
  public static OwnPlace namedIn(String what, Path folder, Predicate<String> names) {
    return namedIn(what, folder, names, name -> false);
  }

  /**
   * As the one above.
   *
   * @param folders which folders in it may have files of ours, under the same names as it has
   */
  public static OwnPlace namedIn(
      String what, Path folder, Predicate<String> names, Predicate<String> folders) {
    return new OwnPlace(what, folder, Extent.NAMED, names, folders);
  }

  /** What it is, for people. */
  public String what() {
    return what;
  }

  /** Where it is, absolute and normalized; links are not resolved. */
  public Path path() {
    return path;
  }

  /** How much of it is ours. */
  public Extent extent() {
    return extent;
  }

  /** Whether a file or folder of this name, right in the folder, is ours. */
  public boolean isOwnName(String name) {
    return names.test(name);
  }

  /** Whether a folder of this name, right in the folder, may have files of ours too. */
  public boolean isOwnFolder(String name) {
    return folders.test(name);
  }

  @Override
  public String toString() {
    return what + ' ' + path;
  }
}
