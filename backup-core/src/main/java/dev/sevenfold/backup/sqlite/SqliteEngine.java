package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.Migration;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteDatabase;
import dev.sevenfold.backup.source.StagedTenant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * SQLite as an engine. A workbench is a connection to the live database itself, the host's where it
 * lends one: all that it has registered is there, databases in memory are reached, and rows go from
 * one schema to another without ever leaving SQLite. Thread-safe.
 */
final class SqliteEngine implements Engine {

  private final SqliteDatabase database;
  private final Clock clock;

  SqliteEngine(SqliteDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Session open() throws SQLException {
    return database.open();
  }

  @Override
  public Session openDurable() throws SQLException {
    return database.openDurable();
  }

  @Override
  public Snapshot snapshot(Session workbench) {
    return change(workbench);
  }

  @Override
  public Change change(Session workbench) {
    return new SqliteChange(database, this, workbench);
  }

  @Override
  public Shaping shaping(Session workbench) {
    return new SqliteShaping(workbench);
  }

  @Override
  public Path migrated(StagedTenant archive, Path scratch) throws SQLException {
    return Migration.migrated(database, archive, scratch);
  }

  @Override
  public ScratchFile.Opener scratch() {
    return database.scratch();
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public Optional<Path> file() {
    return database.file();
  }

  @Override
  public List<Path> files() {
    return database.files();
  }

  @Override
  public OwnPlaces own() {
    return database.own();
  }

  @Override
  public DurableFiles disk() {
    return database.disk();
  }
}
