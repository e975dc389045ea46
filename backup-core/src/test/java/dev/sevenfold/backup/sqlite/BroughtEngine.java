package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SQLite as an engine whose workbench has no live tables: only rows that were asked for are there.
 * So tests find out whether every statement has asked for all that it reads.
 */
final class BroughtEngine implements Engine {

  private static final String NEAR = "sevenfold_near";

  private final Engine sqlite;

  BroughtEngine(Engine sqlite) {
    this.sqlite = sqlite;
  }

  @Override
  public Session open() throws SQLException {
    return withNear(sqlite.open());
  }

  @Override
  public Session openDurable() throws SQLException {
    return withNear(sqlite.openDurable());
  }

  private static Session withNear(Session session) throws SQLException {
    session.attachTemporary(NEAR);
    return session;
  }

  @Override
  public Snapshot snapshot(Session workbench) {
    return change(workbench);
  }

  @Override
  public Change change(Session workbench) {
    return new Brought(sqlite.change(workbench));
  }

  @Override
  public Shaping shaping(Session workbench) {
    return sqlite.shaping(workbench);
  }

  @Override
  public Path migrated(StagedTenant archive, Path scratch) throws SQLException {
    return sqlite.migrated(archive, scratch);
  }

  @Override
  public ScratchFile.Opener scratch() {
    return sqlite.scratch();
  }

  @Override
  public Instant now() {
    return sqlite.now();
  }

  @Override
  public Optional<Path> file() {
    return sqlite.file();
  }

  @Override
  public List<Path> files() {
    return sqlite.files();
  }

  @Override
  public OwnPlaces own() {
    return sqlite.own();
  }

  @Override
  public DurableFiles disk() {
    return sqlite.disk();
  }

  /** Live rows that are brought. */
  private static final class Brought implements Change {

    private final Change live;
    private final Session session;
    private boolean made;

    Brought(Change live) {
      this.live = live;
      this.session = live.workbench();
    }

    @Override
    public Session workbench() {
      return session;
    }

    @Override
    public LiveModel model() throws SQLException {
      LiveModel model = live.model();
      if (!made) {
        made = true;
        for (Table table : model.schema().tables()) {
          session.execute("DROP TABLE IF EXISTS " + table(table.name()));
          new TableCopier(session).create(table, NEAR);
        }
      }
      return model;
    }

    @Override
    public Optional<TenantKey> key(TenantId tenant) throws SQLException {
      return live.key(tenant);
    }

    @Override
    public String schema() {
      return NEAR;
    }

    @Override
    public String table(String name) {
      return Sql.name(NEAR, name);
    }

    @Override
    public void bring(List<Question> questions) throws SQLException {
      model();
      for (Question question : questions) {
        Table table = question.table();
        switch (question.about()) {
          case HOLDING -> holding(table, question.columns(), question.values());
          case LEADING -> {
            holding(table, question.columns(), question.values());
            climb();
          }
          case LACKING ->
              bring(
                  table,
                  "%s NOT IN (%s)"
                      .formatted(Sql.columns("t", question.columns()), question.values()));
          case ANY -> bring(table, Sql.columns("t", question.columns()) + " IS NOT NULL");
          case TAKEN, NAMING, ALL -> bring(table, "1");
        }
      }
    }

    /** Compares as no column does: what is the same in any way is brought. */
    private long holding(Table table, List<String> columns, String values) throws SQLException {
      String held = Sql.name(NEAR, "sevenfold values");
      session.execute("DROP TABLE IF EXISTS " + held);
      List<String> names = new ArrayList<>();
      List<String> same = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        names.add("v" + i);
        String column = "t." + Sql.name(columns.get(i));
        same.add(
            """
            (%1$s = v.%2$s OR lower(CAST(%1$s AS TEXT)) = lower(CAST(v.%2$s AS TEXT))
              OR CAST(%1$s AS NUMERIC) = CAST(v.%2$s AS NUMERIC))
            """
                .formatted(column, "v" + i));
      }
      session.execute("CREATE TABLE " + held + " (" + String.join(", ", names) + ")");
      session.update("INSERT INTO " + held + " " + values);
      return bring(
          table, "EXISTS (SELECT 1 FROM " + held + " v WHERE " + String.join(" AND ", same) + ")");
    }

    private long bring(Table table, String condition) throws SQLException {
      String columns = Sql.columns(table.copied());
      return session.update(
          "INSERT OR IGNORE INTO %s (%s) SELECT %s FROM %s t WHERE %s AND NOT EXISTS (SELECT 1 FROM %s n WHERE %s)"
              .formatted(
                  table(table.name()),
                  columns,
                  Sql.columns("t", table.copied()),
                  live.table(table.name()),
                  condition,
                  table(table.name()),
                  Sql.equal("n", table.key(), "t", table.key())));
    }

    private void climb() throws SQLException {
      long found;
      do {
        found = 0;
        for (OwnedTable owned : model().ownership().owned()) {
          for (Claim claim : owned.claims()) {
            found += climb(owned, claim);
          }
        }
      } while (found > 0);
    }

    private long climb(OwnedTable owned, Claim claim) throws SQLException {
      String from = " FROM " + table(owned.name()) + " n";
      if (claim instanceof Claim.ByReference by && isThere(by.parent())) {
        return holding(
            model().schema().table(by.parent()),
            by.parentColumns(),
            "SELECT " + Sql.columns("n", by.columns()) + from);
      }
      if (claim instanceof Claim.ByType by && isThere(by.parent())) {
        return holding(
            model().schema().table(by.parent()),
            List.of(by.parentColumn()),
            "SELECT n." + Sql.name(by.idColumn()) + from);
      }
      if (claim instanceof Claim.ReferencedBy by) {
        Edge edge = Edge.of(by);
        return holding(
            model().schema().table(by.child()),
            edge.columns(),
            "SELECT " + Sql.columns("n", edge.parentColumns()) + from);
      }
      if (claim instanceof Claim.ByKey by) {
        return holding(
            model().schema().table(model().ownership().root().name()),
            List.of(model().ownership().keyColumn()),
            "SELECT n." + Sql.name(by.column()) + from);
      }
      return 0;
    }

    private boolean isThere(String table) throws SQLException {
      return model().schema().find(table).isPresent();
    }

    @Override
    public long highest(String table, String column) throws SQLException {
      return live.highest(table, column);
    }

    @Override
    public Optional<Numbering> numbering(Table table) throws SQLException {
      return live.numbering(table);
    }

    @Override
    public boolean stopsWriters() throws SQLException {
      return live.stopsWriters();
    }

    @Override
    public boolean isHeld() {
      return live.isHeld();
    }

    @Override
    public void begin() throws SQLException {
      live.begin();
      made = false;
    }

    @Override
    public void end() throws SQLException {
      live.end();
    }

    @Override
    public Copy copy(TenantKey key, List<Table> returning, Progress progress) throws SQLException {
      return live.copy(key, returning, progress);
    }

    @Override
    public void verify(Copy copied, List<Table> returning) throws SQLException {
      live.verify(copied, returning);
    }

    @Override
    public boolean current(Copy copied, List<Table> returning) throws SQLException {
      return live.current(copied, returning);
    }

    @Override
    public boolean lock(Writes planned) throws SQLException {
      boolean same = live.lock(planned);
      made = same && made;
      return same;
    }

    @Override
    public void lockAll() throws SQLException {
      live.lockAll();
      made = false;
    }

    @Override
    public Map<String, String> write(Writes writes, Progress progress) throws SQLException {
      Map<String, String> inserted = live.write(writes, progress);
      made = false;
      return inserted;
    }

    @Override
    public void mark(String marker) throws SQLException {
      live.mark(marker);
    }

    @Override
    public void commit() throws SQLException {
      live.commit();
    }

    @Override
    public boolean isMarked(String marker) throws SQLException {
      return live.isMarked(marker);
    }

    @Override
    public void unmark(String marker) throws SQLException {
      live.unmark(marker);
    }
  }
}
