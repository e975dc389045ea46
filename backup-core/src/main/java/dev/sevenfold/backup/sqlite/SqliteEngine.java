package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SQLite as an engine: how to open the live database, how long to wait for it, and who owns its
 * tables. A workbench is a connection to that database itself, the host's where it lends one: all
 * that it has registered is there, databases in memory are reached, and rows go from one schema to
 * another without ever leaving SQLite. Thread-safe.
 */
final class SqliteEngine implements Engine {

  private final SqliteConnections connections;
  private final Duration busyTimeout;
  private final TenantModel model;
  private final Optional<Path> file;
  private final Optional<ArchiveMigration> migration;
  private final Supplier<DurableFiles> disk;
  private final List<OwnPlace> own;
  private final ConnectionCustomizer customizer;
  private final ScratchFile.Opener scratch;
  private final Clock clock;
  private volatile @Nullable Resolved resolved;

  /** What was resolved last. */
  private record Resolved(String definitions, LiveModel model) {}

  /**
   * An engine.
   *
   * @param file the file that connections lead to; empty if the database is in memory
   */
  SqliteEngine(SqliteTenantSource.Builder settings, Optional<Path> file) {
    this.connections = settings.connections();
    this.busyTimeout = settings.busyTimeout;
    this.model = settings.model;
    this.file = file;
    this.migration = settings.migration;
    this.disk = settings.disk;
    List<OwnPlace> all = new ArrayList<>(settings.own);
    file.ifPresent(live -> all.add(besideOf(live)));
    this.own = List.copyOf(all);
    this.customizer = settings.customizer;
    this.scratch = settings.scratch();
    this.clock = settings.clock;
  }

  /** The lock, journals, notes: {@code app.sqlite3-sevenfold.lock}, say. */
  private static OwnPlace besideOf(Path live) {
    String name = live.getFileName() + "-";
    return OwnPlace.namedIn(
        "a file of backups in",
        DurableFiles.folderOf(live.toAbsolutePath()),
        other ->
            other.startsWith(".sevenfold")
                || (other.startsWith(name) && other.contains("sevenfold")));
  }

  @Override
  public Session open() throws SQLException {
    return Session.openTrusting(connections, busyTimeout);
  }

  /** Connections of the library's own to a scratch file. */
  SqliteConnections own(Path scratchFile) {
    return SqliteConnections.toScratch(scratchFile).customizedBy(customizer);
  }

  ConnectionCustomizer customizer() {
    return customizer;
  }

  @Override
  public ScratchFile.Opener scratch() {
    return scratch;
  }

  @Override
  public Session openDurable() throws SQLException {
    Session session = open();
    try {
      session.commitDurably();
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  TenantModel model() {
    return model;
  }

  /**
   * The tables of an open database, and who owns them. Resolved anew when a definition has changed
   * since the last time, whichever database that was: all that is resolved follows from the
   * definitions, so that connections may be lent to one database or to several.
   */
  LiveModel model(Session session) throws SQLException {
    String definitions = SchemaReader.definitions(session, Session.MAIN);
    Resolved last = resolved;
    if (last != null && last.definitions().equals(definitions)) {
      return last.model();
    }
    Schema schema = SchemaReader.read(session, Session.MAIN);
    LiveModel now = new LiveModel(schema, model.resolve(schema.toSchema()));
    // Somebody may have changed them in between.
    if (SchemaReader.definitions(session, Session.MAIN).equals(definitions)) {
      resolved = new Resolved(definitions, now);
    }
    return now;
  }

  Optional<ArchiveMigration> migration() {
    return migration;
  }

  Duration busyTimeout() {
    return busyTimeout;
  }

  @Override
  public DurableFiles disk() {
    return disk.get();
  }

  @Override
  public Optional<Path> file() {
    return file;
  }

  @Override
  public OwnPlaces own() {
    return OwnPlaces.of(own);
  }

  @Override
  public List<Path> files() {
    return file.map(LiveFiles::withCompanions).orElse(List.of());
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public Path migrated(StagedTenant archive, Path scratchFolder) throws SQLException {
    return Migration.migrated(this, archive, scratchFolder);
  }

  @Override
  public Snapshot snapshot(Session workbench) {
    return change(workbench);
  }

  @Override
  public Change change(Session workbench) {
    return new SqliteChange(this, workbench);
  }

  @Override
  public Shaping shaping(Session workbench) {
    return new SqliteShaping(workbench);
  }
}
