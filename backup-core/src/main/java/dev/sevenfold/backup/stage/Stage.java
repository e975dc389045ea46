package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.AddedTenantColumn;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Bounds;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions.Dropped;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Brings the rows of an archive into the shape that the live schema has now, in a scratch database
 * with the live definitions. What cannot be brought over without losing something is a conflict.
 */
public final class Stage {

  public static final String ARCHIVE = "sevenfold_archive";

  private static final String LACKING_ADVICE =
      "Nothing was changed; register it on the connections that are lent, or by customize(…) on"
          + " those of the library's own, then try again";

  private final LiveRows rows;
  private final Shaping shaping;
  private final Session session;
  private final Ownership ownership;
  private final Schema live;
  private final Schema archived;
  private final TenantKey key;
  private final Dropped dropped;
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Table> staged = new ArrayList<>();
  private final Set<String> unchecked = new TreeSet<>();
  private final List<String> lacking = new ArrayList<>();
  private boolean droppedAny;

  private Stage(LiveRows rows, Shaping shaping, Schema archived, TenantKey key, Dropped dropped)
      throws SQLException {
    this.dropped = dropped;
    this.rows = rows;
    this.shaping = shaping;
    this.session = rows.workbench();
    this.ownership = rows.model().ownership();
    this.live = rows.model().schema();
    this.archived = archived;
    this.key = key;
  }

  /**
   * The key that the tenant has in the attached archive.
   *
   * @throws RestoreRefused if the archive has no row of it in the root table
   */
  public static TenantKey archivedKey(
      Session session, Ownership ownership, ArchiveManifest manifest) throws SQLException {
    TenantId tenant = manifest.tenant().orElseThrow();
    return TenantKey.find(session, ARCHIVE, ownership, tenant)
        .orElseThrow(
            () ->
                new RestoreRefused(
                    "The archive has no row of tenant %s in table %s"
                        .formatted(tenant, ownership.root().name()),
                    List.of(),
                    "Restore another archive"));
  }

  /**
   * Fills the attached stage, which is empty, from the attached archive.
   *
   * @param key the key that the tenant has in the archive
   * @param dropped what to do about archived rows and values without a place
   * @throws RestoreRefused if the schemas cannot be reconciled, with a list of all that is in the
   *     way
   */
  public static Stage fill(
      LiveRows rows, Shaping shaping, TenantKey key, Dropped dropped, Progress progress)
      throws SQLException {
    Schema archived = SchemaReader.read(rows.workbench(), ARCHIVE);
    Stage stage = new Stage(rows, shaping, archived, key, dropped);
    stage.compareTables();
    List<OwnedTable> tables = stage.ownership.owned();
    for (int i = 0; i < tables.size(); i++) {
      progress.report("stage", Progress.Unit.TABLES, i, tables.size());
      stage.fillIfPossible(stage.live.table(tables.get(i).name()));
    }
    if (!stage.lacking.isEmpty()) {
      throw lacking(stage.lacking);
    }
    if (!stage.conflicts.isEmpty()) {
      throw new RestoreRefused(
          "The schema has changed since the backup",
          stage.conflicts,
          "Restore with an ArchiveMigration that brings the archive to the schema of today"
              + (stage.droppedAny ? "; or leave out what was dropped, leavingOutDropped()" : ""));
    }
    return stage;
  }

  /** The tables that the archive has rows for, or could have had. */
  public List<Table> tables() {
    return List.copyOf(staged);
  }

  /**
   * The tables that hold rows which break a CHECK, as they did when they were archived: the live
   * database had them, so it gets them back.
   */
  public Set<String> unchecked() {
    return Set.copyOf(unchecked);
  }

  /** What a person should know about the difference of the schemas. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  private void compareTables() throws SQLException {
    for (Table table : archived.tables()) {
      if (ownership.owned(table.name()).isEmpty()) {
        long rows = count(Stage.ARCHIVE, table);
        boolean exists = live.find(table.name()).isPresent();
        if (rows > 0 && !exists) {
          lose("table " + table.name(), rows + " archived rows");
        } else if (!exists) {
          notes.add("Table " + table.name() + " was dropped; it held no rows");
        } else if (rows > 0) {
          notes.add(
              "Table %s is shared or ignored by now; its %s archived rows stay in the archive"
                  .formatted(table.name(), rows));
        }
      }
    }
  }

  /** What has no place any more: in the way, unless it is consented to. */
  private void lose(String what, String held) {
    String lost = what + " was dropped or renamed; " + held;
    if (dropped == Dropped.LEAVE_OUT) {
      notes.add(Character.toUpperCase(lost.charAt(0)) + lost.substring(1) + " are left out");
    } else {
      droppedAny = true;
      conflicts.add(lost + " would be lost");
    }
  }

  /** A restore that is refused since the live schema cannot be written to from here. */
  static RestoreRefused lacking(List<String> what) {
    return new RestoreRefused(
        "The live schema needs what this connection lacks", what, LACKING_ADVICE);
  }

  private void fillIfPossible(Table table) throws SQLException {
    try {
      if (computes(table)) {
        Bounds.DEFAULT.within(session, ARCHIVE, () -> fill(table));
      } else {
        fill(table);
      }
    } catch (SQLException e) {
      if (!SqliteErrors.isMissing(e)) {
        throw e;
      }
      lacking.add("table " + table.name() + ": " + SqliteErrors.missing(e));
    }
  }

  /** Whether reading the archived table runs what whoever made the archive wrote. */
  private boolean computes(Table now) {
    return archived
        .find(now.name())
        .filter(then -> then.stored().size() < then.columns().size())
        .filter(then -> !then.definition().equals(now.definition()))
        .isPresent();
  }

  /** Tells whether the archive has the table. */
  private boolean fill(Table table) throws SQLException {
    Optional<Table> then = archived.find(table.name());
    if (then.isEmpty()) {
      notes.add("Table " + table.name() + " is newer than the archive; its rows stay as they are");
      return false;
    }
    staged.add(table);
    shaping.create(table);
    if (table.definition().equals(then.get().definition())) {
      copyAsItWas(table, then.get());
      return true;
    }
    Optional<AddedTenantColumn> added = AddedTenantColumn.of(ownership, live, table, then.get());
    List<String> given = added.map(AddedTenantColumn::column).stream().toList();
    RequiredColumns required = RequiredColumns.of(session, table, then.get(), given);
    conflicts.addAll(required.conflicts());
    notes.addAll(required.notes());
    if (compareColumns(table, then.get(), given)
        && required.conflicts().isEmpty()
        && copy(table, then.get(), required, added)) {
      compareValues(table, then.get(), required);
    }
    return true;
  }

  private boolean compareColumns(Table now, Table then, List<String> given) throws SQLException {
    int before = conflicts.size();
    for (String column : then.stored()) {
      if (now.spelled(List.of(column)).isEmpty()) {
        long values =
            session.queryLong(
                "SELECT count(" + Sql.name(column) + ") FROM " + Sql.name(ARCHIVE, then.name()));
        if (values > 0) {
          lose("column " + then.name() + '.' + column, values + " archived values");
        } else {
          notes.add("Column " + then.name() + '.' + column + " was dropped; it held no values");
        }
      }
    }
    for (String column : now.stored()) {
      if (then.spelled(List.of(column)).isEmpty()) {
        String what = given.contains(column) ? "get the tenant's key" : "take its default";
        notes.add(
            "Column %s.%s is newer than the archive; restored rows %s"
                .formatted(now.name(), column, what));
      }
    }
    return conflicts.size() == before;
  }

  /** Rows that were archived with the very definition that the table has now. */
  private void copyAsItWas(Table now, Table then) throws SQLException {
    List<String> columns = common(now, then);
    Shaping.Archived rows = archived(now, then, columns, Sql.columns("a", columns), List.of());
    Shaping.Broken broken = shaping.put(rows, false);
    if (broken.kind() != Shaping.Broken.Kind.CHECK) {
      tellBroken(now, broken);
      return;
    }
    unchecked.add(now.name());
    notes.add(
        "Rows of table %s break a CHECK of it, as they did when they were archived; they are restored as they were"
            .formatted(now.name()));
    tellBroken(now, shaping.put(rows, true));
  }

  /** Whether all rows could be copied. */
  private boolean copy(
      Table now, Table then, RequiredColumns required, Optional<AddedTenantColumn> added)
      throws SQLException {
    List<String> columns = new ArrayList<>(common(now, then));
    String values = Sql.columns("a", columns);
    if (added.isPresent()) {
      List<String> id = now.identity();
      boolean known = !id.isEmpty() && then.spelled(id).size() == id.size();
      added.get().remember(session);
      columns.add(added.get().column());
      values +=
          ", "
              + added
                  .get()
                  .value(rows, key, "a", Sql.name(ARCHIVE, then.name()), known ? id : List.of());
    }
    return tellBroken(
        now, shaping.put(archived(now, then, columns, values, required.defaulted()), false));
  }

  /** Whether nothing is broken. */
  private boolean tellBroken(Table now, Shaping.Broken broken) {
    boolean whole = broken.kind() == Shaping.Broken.Kind.NONE;
    if (!whole) {
      conflicts.add(
          "rows of table " + now.name() + " break a rule that it has now: " + broken.what());
    }
    return whole;
  }

  private static Shaping.Archived archived(
      Table now, Table then, List<String> columns, String values, List<String> required) {
    String select = "SELECT " + values + " FROM " + Sql.name(ARCHIVE, then.name()) + " a";
    return new Shaping.Archived(now, then, columns, select, required);
  }

  /** The columns on both sides, and the row id where both address their rows by it. */
  private static List<String> common(Table now, Table then) {
    List<String> stored =
        now.stored().stream().filter(c -> !then.spelled(List.of(c)).isEmpty()).toList();
    boolean byRowid =
        now.hasRowid()
            && then.hasRowid()
            && !now.hasIntegerPrimaryKey()
            && now.key().equals(then.key());
    return byRowid ? Stream.concat(now.key().stream(), stored.stream()).toList() : stored;
  }

  /** A column whose type has changed may have turned values into others. */
  private void compareValues(Table now, Table then, RequiredColumns required) throws SQLException {
    Optional<List<String>> key =
        Stream.of(now.key(), now.primaryKey(), then.primaryKey())
            .filter(candidate -> isKeyOfBoth(now, then, candidate))
            .findFirst();
    if (key.isEmpty()) {
      conflicts.add(
          ("the primary key of table %s was changed from %s to %s, and its rows cannot be "
                  + "told apart by either")
              .formatted(now.name(), then.primaryKey(), now.primaryKey()));
      return;
    }
    List<String> columns =
        now.columns().stream()
            .map(Table.Column::name)
            .filter(column -> !then.spelled(List.of(column)).isEmpty())
            .toList();
    List<Long> altered;
    try {
      // What the archive computes is code of whoever made it.
      List<String> all = columns;
      altered = session.untrusting(() -> altered(now, then, key.get(), all, required));
    } catch (SQLException e) {
      if (!SqliteErrors.isMissing(e)) {
        throw e;
      }
      columns = common(now, then).stream().filter(now.stored()::contains).toList();
      notes.add(
          "Columns of table %s are computed by what the host has registered, and were not compared: %s"
              .formatted(now.name(), SqliteErrors.missing(e)));
      altered = altered(now, then, key.get(), columns, required);
    }
    for (int i = 0; i < columns.size(); i++) {
      if (altered.get(i) > 0) {
        tellAltered(now, then, columns.get(i), altered.get(i));
      }
    }
  }

  private static boolean isKeyOfBoth(Table now, Table then, List<String> key) {
    boolean named = now.spelled(key).size() == key.size() && then.spelled(key).size() == key.size();
    return !key.isEmpty() && (named || (now.key().equals(key) && then.key().equals(key)));
  }

  private void tellAltered(Table now, Table then, String column, long values) {
    boolean isComputed = !now.stored().contains(column);
    boolean wasComputed = then.stored().stream().noneMatch(column::equalsIgnoreCase);
    if (isComputed && wasComputed) {
      notes.add(
          "Column %s.%s is computed in another way now; %s of its values are others"
              .formatted(now.name(), column, values));
    } else {
      String what = isComputed ? "is computed now" : "has another type now";
      conflicts.add(
          "column %s.%s %s; %s archived values would be altered"
              .formatted(now.name(), column, what, values));
    }
  }

  /** For each column, how many of its archived values are others in the stage. */
  private List<Long> altered(
      Table now, Table then, List<String> key, List<String> columns, RequiredColumns required)
      throws SQLException {
    return session
        .query(
            Sql.of(
                "SELECT {altered} FROM {archived} a LEFT JOIN {staged} s ON {same key}",
                Sql.commas(
                    columns,
                    column ->
                        Sql.of(
                            "total(NOT ({is exact} OR {takes default}))",
                            RowMatch.isExactByType(now, List.of(column), "a", "s"),
                            required.takesDefault("a", column))),
                Sql.name(ARCHIVE, then.name()),
                Sql.name(Workbench.STAGE, now.name()),
                Sql.equal("s", key, "a", key)),
            row -> {
              List<Long> counts = new ArrayList<>();
              for (int i = 1; i <= columns.size(); i++) {
                counts.add(row.getLong(i));
              }
              return counts;
            })
        .get(0);
  }

  private long count(String schema, Table table) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + Sql.name(schema, table.name()));
  }
}
