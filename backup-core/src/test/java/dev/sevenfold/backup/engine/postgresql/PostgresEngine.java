package dev.sevenfold.backup.engine.postgresql;

import static java.util.Objects.requireNonNull;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as an engine. A workbench is a database of SQLite in memory, with a connection to the
 * server beside it that is opened when it is needed first and closed with it. Thread-safe.
 */
final class PostgresEngine implements Engine {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final DataSource server;
  private final TenantModel model;
  private final Path place;
  private final Clock clock;
  private final AtomicLong trips = new AtomicLong();
  private final Map<Session, Wires> wires = new ConcurrentHashMap<>();
  private volatile @Nullable PostgresModel resolved;

  /** What a workbench has to do with the server. */
  private final class Wires {
    private @Nullable PostgresWire wire;
    private List<String> laid = List.of();

    PostgresWire wire() throws SQLException {
      PostgresWire open = wire;
      if (open == null) {
        open = PostgresWire.open(server.getConnection(), trips);
        wire = open;
      }
      return open;
    }

    void close() throws SQLException {
      wires.values().remove(this);
      if (wire != null) {
        wire.close();
      }
    }
  }

  /**
   * An engine.
   *
   * @param place the file that journals lie beside, which need not be there
   */
  PostgresEngine(DataSource server, TenantModel model, Path place, Clock clock) {
    this.server = server;
    this.model = model;
    this.place = place;
    this.clock = clock;
  }

  /** How often anybody has waited for the server. */
  long trips() {
    return trips.get();
  }

  @Override
  public Session open() throws SQLException {
    Wires mine = new Wires();
    Session session = Session.open(() -> DriverManager.getConnection("jdbc:sqlite:"), TIMEOUT);
    wires.put(session, mine);
    session.alsoClose(mine::close);
    return session;
  }

  /** The server decides what a commit waits for. */
  @Override
  public Session openDurable() throws SQLException {
    return open();
  }

  PostgresWire wire(Session workbench) throws SQLException {
    return requireNonNull(wires.get(workbench)).wire();
  }

  /** Reads the catalog, and lays tables like the server's out on the workbench. */
  PostgresModel model(Session workbench) throws SQLException {
    PostgresSchema now = PostgresSchema.read(wire(workbench));
    Wires mine = requireNonNull(wires.get(workbench));
    PostgresModel known = resolved;
    boolean isKnown = known != null && known.types().equals(now);
    if (!mine.laid.equals(now.definitions())) {
      layOut(workbench, now.definitions());
      mine.laid = now.definitions();
      if (!isKnown) {
        Schema schema = SchemaReader.read(workbench, Session.MAIN);
        known = new PostgresModel(now, new LiveModel(schema, model.resolve(schema.toSchema())));
        resolved = known;
      }
      index(workbench, requireNonNull(known).model().ownership());
    }
    return requireNonNull(known);
  }

  private static void layOut(Session workbench, List<String> definitions) throws SQLException {
    for (Table table : SchemaReader.read(workbench, Session.MAIN).tables()) {
      workbench.execute("DROP TABLE " + Sql.name(Session.MAIN, table.name()));
    }
    for (String definition : definitions) {
      workbench.execute(definition);
    }
  }

  /** What points at a row is looked up for each row of a tenant. */
  private static void index(Session workbench, Ownership ownership) throws SQLException {
    Set<List<String>> indexes = new LinkedHashSet<>();
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByReference by) {
        indexes.add(List.of(reference.child(), Sql.columns(by.columns())));
      } else if (reference.claim() instanceof Claim.ByType by) {
        indexes.add(List.of(reference.child(), Sql.columns(List.of(by.idColumn()))));
      }
    }
    int number = 0;
    for (List<String> index : indexes) {
      workbench.execute(
          "CREATE INDEX sevenfold_reference_%d ON %s (%s)"
              .formatted(number++, Sql.name(index.get(0)), index.get(1)));
    }
  }

  @Override
  public Snapshot snapshot(Session workbench) {
    return change(workbench);
  }

  @Override
  public Change change(Session workbench) {
    return new PostgresChange(this, workbench);
  }

  @Override
  public Shaping shaping(Session workbench) {
    return new PostgresShaping(this, workbench);
  }

  @Override
  public Path migrated(StagedTenant archive, Path scratch) {
    return archive.database();
  }

  @Override
  public ScratchFile.Opener scratch() {
    return ScratchFile.own(ConnectionCustomizer.none());
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public Optional<Path> file() {
    return Optional.of(place);
  }

  @Override
  public List<Path> files() {
    return List.of();
  }

  @Override
  public OwnPlaces own() {
    return OwnPlaces.NONE;
  }

  @Override
  public DurableFiles disk() {
    return new DurableFiles();
  }
}
