package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.StagedTenant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A live database, as far as a backup or a restore of one of its tenants needs it. All thinking is
 * done in SQL on a {@link Workbench}; here is what only the database itself can do. Thread-safe.
 *
 * <p>Keys, rows and answers are tables of the workbench. They never become values of Java, which
 * would not survive it: a text with a NUL, a text that is no Unicode.
 */
public interface Engine {

  /** Opens a workbench for one piece of work. The caller attaches to it what the work needs. */
  Session open() throws SQLException;

  /**
   * As {@link #open}, where a commit is on the disk when it is answered, whatever the host has set:
   * files are moved after it, and must not be newer than the rows after a power cut.
   */
  Session openDurable() throws SQLException;

  /** The live rows, to be looked at on a workbench; closed with it. */
  Snapshot snapshot(Session workbench);

  /** The live rows, to be changed; closed with a workbench that was opened durably. */
  Change change(Session workbench);

  /** What brings archived rows into the stage of a workbench. */
  Shaping shaping(Session workbench);

  /** The archive's database as it is, or a copy that the host has migrated to today's schema. */
  Path migrated(StagedTenant archive, Path scratch) throws SQLException;

  /** Opens scratch files where what the host's schema needs is at hand. */
  ScratchFile.Opener scratch();

  /** The instant of a snapshot that is taken now, as archives keep it. */
  Instant now();

  /** The file that journals lie beside; empty if nothing outlives the process. */
  Optional<Path> file();

  /** The files that only the database itself may open. */
  List<Path> files();

  /** The places of backups themselves, as they are now: no row's file is in one. */
  OwnPlaces own();

  /** What files are changed through, for one piece of work. */
  DurableFiles disk();
}
