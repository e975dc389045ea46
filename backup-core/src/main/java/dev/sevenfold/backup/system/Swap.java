package dev.sevenfold.backup.system;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Changes the content of many places from old to new, and back.
 *
 * <p>A database file is the first to leave and the last to arrive, and what was renamed before is
 * on the disk before anything else is. So whenever a database file is in its place, the WAL and the
 * journal beside it are its own: at no moment, whatever is killed, could SQLite apply the WAL of
 * one database to another one.
 *
 * <p>While a database file is away, an application that is started makes a new one, and SQLite
 * deletes the WAL that it finds beside it. So what lies beside has a second name in safety for as
 * long as its database is away.
 *
 * <p>What has been done already is seen by what is where, so {@link #revert} can be begun again at
 * any point. Use from one thread.
 */
final class Swap {

  private final List<Move> moves;
  private final Map<Path, Move> databases = new HashMap<>();
  private final DurableFiles disk;
  private final WorkFolders work;

  /**
   * Plans nothing and changes nothing yet.
   *
   * @param work where new content goes when it has to leave again
   */
  Swap(List<Move> moves, DurableFiles disk, WorkFolders work) {
    this.moves = moves;
    this.disk = disk;
    this.work = work;
    for (Move move : moves) {
      if (move.isDatabase()) {
        LiveFiles.withCompanions(move.target()).forEach(file -> databases.put(file, move));
      }
    }
  }

  /** A step of one move. */
  @FunctionalInterface
  private interface Step {
    void take(Move move) throws IOException;
  }

  /** From old to new. */
  void execute() throws IOException {
    each(Move::isBeside, this::secure);
    each(Move::isDatabase, this::setAside);
    each(move -> !move.isDatabase(), this::setAside);
    each(move -> !move.isDatabase(), this::putInPlace);
    each(Move::isDatabase, this::putInPlace);
  }

  /** From new to old, or from wherever {@link #execute} or this was stopped. */
  void revert() throws IOException {
    each(Move::isDatabase, this::reject);
    each(move -> !move.isDatabase(), this::reject);
    each(move -> !move.isDatabase(), this::bringBack);
    each(Move::isDatabase, this::bringBack);
    // The databases are back, and what lies beside them is their own again.
    each(Move::isBeside, move -> disk.delete(move.old()));
  }

  private void each(Predicate<Move> which, Step step) throws IOException {
    for (Move move : moves) {
      if (which.test(move)) {
        step.take(move);
      }
    }
    disk.sync();
  }

  private void secure(Move move) throws IOException {
    if (DurableFiles.exists(move.target())) {
      disk.createFolders(DurableFiles.folderOf(move.old()));
      disk.link(move.target(), move.old());
    }
  }

  private void setAside(Move move) throws IOException {
    if (!DurableFiles.exists(move.target())) {
      return;
    }
    if (move.isBeside() && DurableFiles.exists(move.old())) {
      disk.delete(move.target());
    } else {
      disk.createFolders(DurableFiles.folderOf(move.old()));
      disk.move(move.target(), move.old());
    }
  }

  private void putInPlace(Move move) throws IOException {
    if (move.fresh() != null) {
      disk.move(move.fresh(), move.target());
    }
  }

  private void reject(Move move) throws IOException {
    if (isAway(move) && DurableFiles.exists(move.target())) {
      WorkFolder folder = work.of(move.target());
      Path to = free(folder.in(folder.rejected(), move.target()));
      disk.createFolders(DurableFiles.folderOf(to));
      disk.move(move.target(), to);
    }
  }

  private void bringBack(Move move) throws IOException {
    if (isAway(move) && DurableFiles.exists(move.old())) {
      if (!move.isBeside() || !disk.link(move.old(), move.target())) {
        disk.move(move.old(), move.target());
      }
    }
  }

  /** Whether the old content has left; with a database, what lies beside it has as well. */
  private boolean isAway(Move move) {
    Move database = databases.getOrDefault(move.target(), move);
    return database.isOldAway() && move.isOldAway();
  }

  /**
   * Databases that somebody else has made in places that were empty for a moment: neither the old
   * ones nor the new ones.
   */
  List<Path> strangers() {
    return moves.stream()
        .filter(Move::isDatabase)
        .filter(move -> move.fresh() != null && DurableFiles.exists(move.fresh()))
        .filter(move -> move.isOldAway() && DurableFiles.exists(move.target()))
        .map(Move::target)
        .toList();
  }

  /** This path, or one beside it where nothing is yet. */
  static Path free(Path path) {
    Path free = path;
    for (int number = 2; DurableFiles.exists(free); number++) {
      free = path.resolveSibling(path.getFileName() + "-" + number);
    }
    return free;
  }
}
