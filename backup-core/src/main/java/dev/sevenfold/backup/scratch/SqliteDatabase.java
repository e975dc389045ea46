package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live database: how to open it, how long to wait for it, and who owns its tables. Thread-safe.
 */
public final class SqliteDatabase {

  public static final Duration SCRATCH_TIMEOUT = Duration.ofSeconds(10);

  private final SqliteConnections connections;
  private final Duration busyTimeout;
  private final TenantModel model;
  private final Optional<Path> file;
  private final Optional<ArchiveMigration> migration;
  private final Supplier<DurableFiles> disk;
  private final List<OwnPlace> own;
  private final ConnectionCustomizer customizer;
  private final ScratchFile.Opener scratch;
  private volatile @Nullable Resolved resolved;

  /** What was resolved last. */
  private record Resolved(String definitions, LiveModel model) {}

  public SqliteDatabase(
      SqliteConnections connections,
      Duration busyTimeout,
      TenantModel model,
      Optional<Path> file,
      Optional<ArchiveMigration> migration,
      Supplier<DurableFiles> disk,
      List<OwnPlace> own,
      ConnectionCustomizer customizer,
      ScratchFile.Opener scratch) {
    this.connections = connections;
    this.busyTimeout = busyTimeout;
    this.model = model;
    this.file = file;
    this.migration = migration;
    this.disk = disk;
    this.own = List.copyOf(own);
    this.customizer = customizer;
    this.scratch = scratch;
  }

  public Session open() throws SQLException {
    return Session.openTrusting(connections, busyTimeout);
  }

  /** Opens a scratch file where what the host's schema needs is at hand. */
  public ScratchFile open(Path scratchFile) throws SQLException {
    return scratch.open(scratchFile);
  }

  /** Connections of the library's own to a scratch file. */
  public SqliteConnections own(Path scratchFile) {
    return SqliteConnections.toScratch(scratchFile).customizedBy(customizer);
  }

  public ConnectionCustomizer customizer() {
    return customizer;
  }

  public ScratchFile.Opener scratch() {
    return scratch;
  }

  /**
   * As {@link #open}, where a commit is on the disk when it is answered, whatever the host has set:
   * files are moved after it, and must not be newer than the rows after a power cut.
   */
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

  /** Opens a database that is nobody's but ours. */
  public static Session scratch(Path file) throws SQLException {
    return Session.open(SqliteConnections.toScratch(file), SCRATCH_TIMEOUT);
  }

  public TenantModel model() {
    return model;
  }

  /**
   * The tables of an open database, and who owns them. Resolved anew when a definition has changed
   * since the last time, whichever database that was: all that is resolved follows from the
   * definitions, so that connections may be lent to one database or to several.
   */
  public LiveModel model(Session session) throws SQLException {
    String definitions = SchemaReader.definitions(session, Session.MAIN);
    Resolved last = resolved;
    if (last != null && last.definitions().equals(definitions)) {
      return last.model();
    }
    SqliteSchema schema = SchemaReader.read(session, Session.MAIN);
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

  public Duration busyTimeout() {
    return busyTimeout;
  }

  /** What files are changed through, for one piece of work. */
  public DurableFiles disk() {
    return disk.get();
  }

  /** The database's file; empty if it lives in memory. */
  public Optional<Path> file() {
    return file;
  }

  /** The places of backups themselves, as they are now: no row's file is in one. */
  public OwnPlaces own() {
    return OwnPlaces.of(own);
  }

  /** The files that only SQLite may open. */
  public List<Path> files() {
    return file.map(LiveFiles::withCompanions).orElse(List.of());
  }
}
