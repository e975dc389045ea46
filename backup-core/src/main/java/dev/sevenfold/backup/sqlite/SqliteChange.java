package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.journal.Marker;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqlText;
import dev.sevenfold.backup.scratch.TypedValues;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The live rows where the workbench is a connection to them: whoever asks reads them where they
 * are, by the schema that SQLite calls main. Use from one thread.
 */
final class SqliteChange implements Change {

  private static final String LIVE = Session.MAIN;

  /** How many numbers a table keeps to number rows with. */
  private static final long ENOUGH = 1L << 32;

  private final SqliteEngine engine;
  private final Session session;
  private @Nullable LiveModel model;

  SqliteChange(SqliteEngine engine, Session session) {
    this.engine = engine;
    this.session = session;
  }

  @Override
  public Session workbench() {
    return session;
  }

  @Override
  public LiveModel model() throws SQLException {
    LiveModel known = model;
    if (known == null) {
      known = engine.model(session);
      model = known;
    }
    return known;
  }

  @Override
  public Optional<TenantKey> key(TenantId tenant) throws SQLException {
    return TenantKey.find(session, LIVE, model().ownership(), tenant);
  }

  @Override
  public String schema() {
    return LIVE;
  }

  @Override
  public String table(String name) {
    return Sql.name(LIVE, name);
  }

  @Override
  public void bring(List<Question> questions) {
    // All of it is here, and each statement finds what it reads by the live indexes.
  }

  @Override
  public long highest(String table, String column) throws SQLException {
    return Math.max(highestNow(model().schema().table(table), column), sequence(table));
  }

  private long highestNow(Table table, String column) throws SQLException {
    // The highest row id is at the end of the table; other columns may hold texts among numbers.
    boolean isRowid = table.hasIntegerPrimaryKey() && table.key().contains(column);
    String number = isRowid ? Sql.name(column) : TypedValues.wholeNumber(Sql.name(column));
    return session.queryLong("SELECT max(" + number + ") FROM " + table(table.name()));
  }

  private long sequence(String table) throws SQLException {
    return session.hasTable(LIVE, "sqlite_sequence")
        ? session.queryLong(
            "SELECT seq FROM " + table("sqlite_sequence") + " WHERE name = ?", table)
        : 0;
  }

  @Override
  public Optional<Numbering> numbering(Table table) throws SQLException {
    if (!table.hasIntegerPrimaryKey()) {
      return Optional.empty();
    }
    String column = table.key().get(0);
    boolean stops =
        SqlText.tokens(table.definition()).stream().anyMatch(at -> at.is("AUTOINCREMENT"));
    return Optional.of(new Numbering(column, Long.MAX_VALUE - ENOUGH, stops));
  }

  @Override
  public boolean stopsWriters() throws SQLException {
    return !session.isWal();
  }

  @Override
  public boolean isHeld() {
    return session.isInTransaction();
  }

  @Override
  public void begin() throws SQLException {
    session.begin();
  }

  @Override
  public void end() throws SQLException {
    session.commit();
  }

  @Override
  public Copy copy(TenantKey key, List<Table> returning, Progress progress) throws SQLException {
    // Rows are copied as they are, those that a check added later would forbid too.
    long ignored = session.queryLong("PRAGMA ignore_check_constraints");
    session.set("ignore_check_constraints", 1);
    Instant at = engine.now();
    OwnedRows rows = owned(key, model(), returning);
    new TableCopier(session).copy(model(), rows, key, Workbench.COPY, progress);
    Copy copied =
        new Copy(
            key,
            at,
            model(),
            "sqlite",
            session.queryText("SELECT sqlite_version()"),
            OptionalLong.of(session.queryLong("PRAGMA " + LIVE + ".user_version")),
            rows.abandoned());
    session.set("ignore_check_constraints", ignored);
    return copied;
  }

  private OwnedRows owned(TenantKey key, LiveModel by, List<Table> returning) throws SQLException {
    return OwnedRows.find(Scope.of(this, by, key), returning);
  }

  @Override
  public void verify(Copy copied, List<Table> returning) throws SQLException {
    CopyCheck.require(session, copied, returning);
  }

  @Override
  public boolean current(Copy copied, List<Table> returning) throws SQLException {
    return meansTheSame(copied.model(), model())
        && owned(copied.key(), copied.model(), returning).areThoseCopied(returning);
  }

  /**
   * Whether all that a plan depends on has the definition that it had, whatever somebody has added
   * beside it.
   */
  private static boolean meansTheSame(LiveModel before, LiveModel after) {
    Schema then = before.schema();
    Schema now = after.schema();
    if (!now.derived().equals(then.derived())) {
      return false;
    }
    for (Table table : then.tables()) {
      if (!Marker.isMarker(table.name()) && !now.find(table.name()).equals(Optional.of(table))) {
        return false;
      }
    }
    return now.tables().stream()
            .filter(table -> then.find(table.name()).isEmpty())
            .flatMap(table -> table.foreignKeys().stream())
            .noneMatch(key -> then.find(key.parent()).isPresent())
        && ownsTheSame(before.ownership(), after.ownership());
  }

  private static boolean ownsTheSame(Ownership then, Ownership now) {
    return now.root().equals(then.root())
        && now.keyColumn().equals(then.keyColumn())
        && now.owned().equals(then.owned())
        && now.references().equals(then.references());
  }

  @Override
  public boolean lock(Writes planned) throws SQLException {
    if (session.tryLock()) {
      return true;
    }
    session.rollback();
    lockAll();
    return false;
  }

  @Override
  public void lockAll() throws SQLException {
    session.beginImmediate();
    model = null;
  }

  @Override
  public Map<String, String> write(Writes writes, Progress progress) throws SQLException {
    return new Merge(session, model().schema(), writes).apply(progress);
  }

  @Override
  public void mark(String marker) throws SQLException {
    session.execute("CREATE TABLE " + table(marker) + " (done)");
  }

  @Override
  public void commit() throws SQLException {
    session.commit();
  }

  @Override
  public boolean isMarked(String marker) throws SQLException {
    return session.hasTable(LIVE, marker);
  }

  @Override
  public void unmark(String marker) throws SQLException {
    session.execute("DROP TABLE IF EXISTS " + table(marker));
  }
}
