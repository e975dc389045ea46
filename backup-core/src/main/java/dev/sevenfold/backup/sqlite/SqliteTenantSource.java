package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.UnknownTenant;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.journal.RecoveredLock;
import dev.sevenfold.backup.journal.RestoreRecovery;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.restore.Prepared;
import dev.sevenfold.backup.restore.Rehearsal;
import dev.sevenfold.backup.restore.SnapshotTaker;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.scratch.TenantDatabaseFile;
import dev.sevenfold.backup.source.ArchiveMigration;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite database that tenants share. Thread-safe.
 *
 * <pre>{@code
 * TenantSource source =
 *     SqliteTenantSource.builder(Path.of("storage/production.sqlite3"), model).build();
 * }</pre>
 *
 * <p>In the host's own test suite one line fails the build when a migration adds a table that
 * nobody claims:
 *
 * <pre>{@code
 * SqliteTenantSource.builder(migratedDatabase, model).build().explain();
 * }</pre>
 *
 * <p>In WAL mode writers go on while a tenant is extracted, and wait for a restore only as long as
 * it writes what differs. With a rollback journal writers also wait for an extraction to end.
 */
public final class SqliteTenantSource implements TenantSource {

  private final SqliteEngine database;
  private final Engine engine;
  private final Completeness completeness;
  private final OwnershipChecks ownership;
  private final Optional<OfRun> ofRun;
  private final @Nullable TenantLocks locks;
  private final ConcurrentMap<TenantId, ReentrantLock> ownLocks;

  /** What was looked at for all tenants of a run. */
  private record OfRun(Completeness.Found found, Optional<OwnershipCheck.Figure> figure) {}

  private SqliteTenantSource(Builder builder) {
    Optional<Path> file = builder.file();
    this.database = new SqliteEngine(builder, file);
    this.engine = builder.seen.apply(database);
    Optional<CheckedNote> note = file.map(CheckedNote::beside);
    this.completeness = new Completeness(database, builder.clock, note);
    this.ownership = new OwnershipChecks(engine, database, note);
    this.ofRun = Optional.empty();
    this.ownLocks = new ConcurrentHashMap<>();
    this.locks = file.map(live -> TenantLocks.beside(live, builder.busyTimeout)).orElse(null);
  }

  /** The same source, for which all that concerns everybody was looked at. */
  private SqliteTenantSource(SqliteTenantSource source, OfRun found) {
    this.database = source.database;
    this.engine = source.engine;
    this.completeness = source.completeness;
    this.ownership = source.ownership;
    this.ofRun = Optional.of(found);
    this.locks = source.locks;
    this.ownLocks = source.ownLocks;
  }

  /**
   * A database file, opened by the library itself. The application may have it open at the same
   * time, as may other processes.
   */
  public static Builder builder(Path database, TenantModel model) {
    Path file = database.toAbsolutePath().normalize();
    return new Builder(SqliteConnections.to(file), model, file, false);
  }

  /**
   * A database whose connections the host lends. Each piece of work borrows one connection and
   * gives it back as it came; work of several tenants at a time needs as many connections. What the
   * host has registered on them, functions and collations, is there for all work, the check of an
   * archive included: that is attached to such a connection.
   */
  public static Builder builder(DataSource dataSource, TenantModel model) {
    return new Builder(SqliteConnections.from(dataSource), model, null, true);
  }

  @Override
  public String describe() {
    return "SQLite database " + database.file().map(Path::toString).orElse("in memory");
  }

  @Override
  public List<TenantId> tenants() {
    return read(
        "Listing the tenants",
        session -> TenantKey.all(session, Session.MAIN, database.model(session).ownership()));
  }

  @Override
  public long unnamedTenants() {
    return read(
        "Listing the tenants",
        session -> TenantKey.unnamed(session, Session.MAIN, database.model(session).ownership()));
  }

  @Override
  public TenantId canonical(TenantId written) {
    return TenantKey.mayBeWrittenOtherwise(written)
        ? read(
            "Looking for tenant " + written,
            session ->
                TenantKey.canonical(
                    session, Session.MAIN, database.model(session).ownership(), written))
        : written;
  }

  @Override
  public Optional<BackupRefused> missing(TenantId tenant) {
    return read(
        "Looking for tenant " + tenant,
        session -> {
          Ownership ownership = database.model(session).ownership();
          return TenantKey.find(session, Session.MAIN, ownership, tenant).isPresent()
              ? Optional.empty()
              : Optional.of(UnknownTenant.refusal(session, Session.MAIN, ownership, tenant));
        });
  }

  @Override
  public String explain(Progress progress) {
    return SqliteErrors.orUnavailable(
        "Explaining the model of " + describe(),
        () -> ModelExplanation.run(engine, database, progress));
  }

  @Override
  public OwnershipCheck check(Progress progress) {
    return SqliteErrors.orUnavailable(
        "Looking whose each row is of " + describe(), () -> ownership.run(progress));
  }

  @Override
  public Optional<OwnershipCheck.Figure> lastCheck() {
    return ownership.last();
  }

  @Override
  public SuggestedModel suggest(List<Path> roots, Progress progress) {
    return read(
        "Looking for the model",
        session -> ModelSuggestion.run(database, session, roots, progress));
  }

  private interface Read<T> {
    T from(Session session) throws SQLException;
  }

  private <T> T read(String doing, Read<T> read) {
    return SqliteErrors.orUnavailable(
        doing + " of " + describe(),
        () -> {
          try (Session session = database.open()) {
            return read.from(session);
          }
        });
  }

  @Override
  public TenantLock lock(TenantId tenant) {
    Objects.requireNonNull(tenant, "tenant");
    return locks != null
        ? RecoveredLock.of(locks.acquire(tenant), recovery(), TenantLocks.position(tenant))
        : lockInMemory(tenant);
  }

  private RestoreRecovery recovery() {
    return new RestoreRecovery(engine, database.file().orElseThrow());
  }

  private TenantLock lockInMemory(TenantId tenant) {
    ReentrantLock lock = ownLocks.computeIfAbsent(tenant, id -> new ReentrantLock());
    try {
      if (lock.tryLock(database.busyTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return lock::unlock;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SourceUnavailable(
        "Another job is working on tenant " + tenant, "Let it finish, or raise the busy timeout");
  }

  @Override
  public TenantSource forRun() {
    return new SqliteTenantSource(this, new OfRun(completeness.anew(), ownership.figure(true)));
  }

  private Completeness.Found complete() {
    return ofRun.map(OfRun::found).orElseGet(completeness::current);
  }

  @Override
  public TenantSnapshot extract(TenantId tenant, Path scratch, Progress progress) {
    Objects.requireNonNull(tenant, "tenant");
    Completeness.Found found = complete();
    Completeness.requireForBackup(found, tenant);
    Path file = scratch.resolve("tenant.sqlite3");
    return SqliteErrors.orUnavailable(
            "The extraction of tenant " + tenant,
            () -> SnapshotTaker.take(engine, tenant, file, progress))
        .checked(
            found.at(),
            found.ofOthers(tenant),
            ofRun.map(OfRun::figure).orElseGet(() -> ownership.figure(false)));
  }

  @Override
  public Verification<TenantProof> verify(StagedTenant staged, Progress progress) {
    Set<String> own;
    try {
      own = definitions();
    } catch (SQLException e) {
      // The live database is at fault, which says nothing of the archive.
      return new Verification.NotKnown<>(
          SqliteErrors.unavailable("Reading the schema of " + describe(), e));
    }
    return new TenantDatabaseFile(database.scratch(), () -> own)
        .verify(staged.database(), staged.manifest(), progress);
  }

  @Override
  public List<String> rehearse(StagedTenant staged, Path scratch, Progress progress) {
    return SqliteErrors.orUnavailable(
        "Rehearsing the restore of an archive",
        () -> new Rehearsal(engine, staged, scratch).run(progress));
  }

  private Set<String> definitions() throws SQLException {
    try (Session session = database.open()) {
      return Set.copyOf(
          session.texts("SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL"));
    }
  }

  @Override
  public PlannedRestore plan(
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path scratch,
      Progress progress) {
    Objects.requireNonNull(options, "options");
    TenantId archived = staged.manifest().tenant().orElseThrow();
    if (!archived.equals(target) && options.collisions() != RestoreOptions.Collisions.REMAP) {
      throw new RestoreRefused(
          "The archive is of tenant " + archived + ", not of tenant " + target,
          List.of(),
          "Choose one of tenant " + target + "'s own archives, or restore with new ids");
    }
    Completeness.requireForRestore(complete(), target);
    return SqliteErrors.orUnavailable(
        "Planning the restore of tenant " + target,
        () -> Prepared.of(engine, staged, target, options, scratch).plan(progress));
  }

  @Override
  public TenantSource inSystem(StagedSystem staged, String name, Map<String, Path> trees) {
    return SystemTenants.source(database, staged, name, trees);
  }

  @Override
  public void recover(Consumer<TenantLock> settle) {
    if (locks != null) {
      recovery().recoverAll(locks, settle);
    }
  }

  @Override
  public Optional<Path> databaseFile() {
    return database.file();
  }

  @Override
  public void close() {
    // Connections are opened for each piece of work, and closed after it.
  }

  /** Collects the settings of a source. Use from one thread. */
  public static final class Builder {

    private final SqliteConnections connections;
    private final @Nullable Path path;
    private final boolean lent;
    private UnaryOperator<Engine> seen = UnaryOperator.identity();
    final TenantModel model;
    final List<OwnPlace> own = new ArrayList<>();
    Duration busyTimeout = Duration.ofSeconds(30);
    Clock clock = Clock.systemUTC();
    Optional<ArchiveMigration> migration = Optional.empty();
    Supplier<DurableFiles> disk = DurableFiles::new;
    ConnectionCustomizer customizer = ConnectionCustomizer.none();

    Builder(SqliteConnections connections, TenantModel model, @Nullable Path path, boolean lent) {
      this.connections = connections;
      this.model = Objects.requireNonNull(model, "model");
      this.path = path;
      this.lent = lent;
    }

    /** How long to wait for a database or a tenant that is locked. Default: 30 seconds. */
    public Builder busyTimeout(Duration timeout) {
      this.busyTimeout = SqliteConnections.requireBusyTimeout(timeout);
      return this;
    }

    /**
     * What brings archives to the schema of today, before they are restored. Default: nothing, and
     * an archive is refused that would lose values.
     */
    public Builder migration(ArchiveMigration value) {
      this.migration = Optional.of(value);
      return this;
    }

    /** What tells the instant of a snapshot. Default: the system's clock. */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * A place that belongs to backups, as {@code ArchiveStore.ownPlaces()} tells them: a row that
     * names a file in it, where the root of files holds the store for instance, neither gets it
     * into a backup nor has it replaced. May be called for several.
     */
    public Builder own(OwnPlace place) {
      own.add(Objects.requireNonNull(place, "place"));
      return this;
    }

    /**
     * What each connection is given that the library opens itself, to the database and to scratch
     * files. Default: nothing. Connections that the host lends come with what they need.
     */
    public Builder customize(ConnectionCustomizer value) {
      this.customizer = Objects.requireNonNull(value, "customizer");
      return this;
    }

    SqliteConnections connections() {
      return lent ? connections : connections.customizedBy(customizer);
    }

    ScratchFile.Opener scratch() {
      return lent ? ScratchFile.lent(connections, customizer) : ScratchFile.own(customizer);
    }

    /** What files are changed through. Default: the disk. */
    Builder disk(Supplier<DurableFiles> value) {
      this.disk = value;
      return this;
    }

    /** What the engine is seen through. Default: nothing. */
    Builder seenThrough(UnaryOperator<Engine> value) {
      this.seen = value;
      return this;
    }

    /**
     * Looks for the database.
     *
     * @throws SourceUnavailable if there is none
     */
    public SqliteTenantSource build() {
      return new SqliteTenantSource(this);
    }

    private Optional<Path> file() {
      if (path != null && !Files.isRegularFile(path)) {
        throw new SourceUnavailable(
            "There is no database file " + path, "Check the path; it is not made by a backup");
      }
      return SqliteErrors.orUnavailable(
          "Opening the database" + (path == null ? "" : " " + path),
          () -> {
            try (Session session = Session.openTrusting(connections(), busyTimeout)) {
              return session
                  .query(
                      "SELECT file FROM pragma_database_list WHERE name = 'main' AND file <> ''",
                      row -> Path.of(row.getString(1)))
                  .stream()
                  .findFirst();
            }
          });
    }
  }
}
