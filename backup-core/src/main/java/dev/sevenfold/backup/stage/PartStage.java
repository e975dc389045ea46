package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.PartTable.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stage while a part is brought into it: the archived rows are set aside, and it is filled
 * anew, with the live rows that stay, with archived rows in the place of others, and with those
 * that are missing. Use once, from one thread.
 */
final class PartStage {

  private static final int SAMPLES = 5;

  private final Session session;
  private final Set<String> unchecked;
  private final List<String> conflicts = new ArrayList<>();

  /**
   * Begins.
   *
   * @param unchecked tables with archived rows that break a CHECK, as they did then
   */
  PartStage(Session session, Set<String> unchecked) {
    this.session = session;
    this.unchecked = unchecked;
  }

  /** Rows that should come or stay, and cannot. */
  List<String> conflicts() {
    return conflicts;
  }

  /** The columns that say which row is which; none where a row of either state has no such. */
  List<String> identity(Table table) throws SQLException {
    List<String> identity = table.identity();
    if (identity.isEmpty() || identity.equals(table.key())) {
      return identity;
    }
    String isNull =
        String.join(" OR ", identity.stream().map(c -> Sql.name(c) + " IS NULL").toList());
    for (String side : List.of(Workbench.COPY, Workbench.STAGE)) {
      if (session.exists("SELECT 1 FROM " + Sql.name(side, table.name()) + " WHERE " + isNull)) {
        return List.of();
      }
    }
    return identity;
  }

  void setAside(PartTable of) throws SQLException {
    Table table = of.table();
    String then = of.rows(Side.THEN);
    // As the table's own columns compare, and without its rules.
    session.make(
        then,
        '('
            + Sql.commas(
                table.copied(),
                column ->
                    Sql.name(column)
                        + ' '
                        + (table.hasRowid() && table.key().contains(column)
                            ? "INTEGER"
                            : table.affinity(column))
                        + " COLLATE "
                        + Sql.name(table.collation(column)))
            + ", PRIMARY KEY ("
            + Sql.columns(table.key())
            + "))");
    session.execute(
        Sql.of(
            "INSERT INTO {then} SELECT {columns} FROM {stage} s",
            then,
            Sql.columns("s", table.copied()),
            of.stage()));
    if (of.hasIdentity() && !of.identity().equals(table.key())) {
      session.execute(
          Sql.of(
              "CREATE INDEX {index} ON {then} (\"{identity}\")",
              then.substring(0, then.length() - 1) + "_id\"",
              then.substring(then.indexOf('.') + 1),
              of.identity()));
    }
    session.execute("DELETE FROM " + of.stage());
    for (String set :
        List.of(
            of.chosen(Side.THEN),
            of.chosen(Side.NOW),
            of.taken(),
            of.missing(),
            of.going(),
            of.staying(),
            of.held(),
            of.needed())) {
      session.make(set, of.keyDefinition());
    }
  }

  /** Fills the stage, once it is decided. */
  void fill(PartTable table) throws SQLException {
    put(
        table,
        table.staying(),
        Sql.of(
            "SELECT t.\"{key}\" FROM {now} t WHERE NOT {replaced} AND NOT {goes}",
            table.table().key(),
            table.rows(Side.NOW),
            isReplaced(table, "t"),
            table.isIn(table.going(), "t")));
    stay(table, 0);
    replace(table);
    create(table, table.taken());
  }

  void put(PartTable table, String set, String keys) throws SQLException {
    session.update(
        Sql.of("INSERT OR IGNORE INTO {set} (\"{keys}\") {rows}", set, table.keys(), keys));
  }

  /** A condition: an archived row takes the place of the live row under the alias. */
  static String isReplaced(PartTable table, String alias) {
    return table.hasIdentity()
        ? Sql.of(
            "EXISTS (SELECT 1 FROM {then} a WHERE {same} AND {taken})",
            table.rows(Side.THEN),
            table.isSame("a", alias),
            table.isIn(table.taken(), "a"))
        : "0";
  }

  /** Stages the live rows that stay, behind a number. What they break by now, they do already. */
  void stay(PartTable table, long behind) throws SQLException {
    List<String> columns = table.table().copied();
    String those = "(SELECT * FROM " + table.staying() + " WHERE n > " + behind + ')';
    session.set("ignore_check_constraints", 1);
    long put =
        session.update(
            Sql.of(
                "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows}",
                table.stage(),
                columns,
                Sql.columns("b", columns),
                table.rowsOf(those, Side.NOW, "b")));
    session.set("ignore_check_constraints", unchecked.contains(table.name()) ? 1 : 0);
    long lost = session.queryLong("SELECT count(*) FROM " + those) - put;
    if (lost > 0) {
      conflicts.add(
          lost
              + " rows of table "
              + table.name()
              + " stay, as others use them, and have unique values that archived rows come with");
    }
  }

  /** Stages live rows with what they take from the archive. */
  private void replace(PartTable of) throws SQLException {
    if (!of.hasIdentity()) {
      return;
    }
    List<String> columns = of.table().copied();
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows} CROSS JOIN"
                + " {now} b ON {same}",
            of.stage(),
            columns,
            Sql.commas(columns, column -> (isTaken(of, column) ? "a." : "b.") + Sql.name(column)),
            of.rowsOf(of.taken(), Side.THEN, "a"),
            of.rows(Side.NOW),
            of.isSame("a", "b")));
  }

  /** A row keeps the row id that it has, and takes columns of the archive. */
  private static boolean isTaken(PartTable of, String column) {
    return of.columns().isEmpty()
        ? of.table().stored().contains(column)
        : of.columns().contains(column);
  }

  /** Stages archived rows that are missing, of a set; under their row ids where those are free. */
  void create(PartTable of, String set) throws SQLException {
    Table table = of.table();
    String rows = of.rowsOf(set, Side.THEN, "a") + " WHERE " + of.isIn(of.missing(), "a") + " AND ";
    if (!table.hasHiddenRowid()) {
      create(of, table.copied(), rows + '1');
      return;
    }
    String free =
        Sql.of(
            "NOT EXISTS (SELECT 1 FROM {now} b WHERE {same key})",
            of.rows(Side.NOW),
            RowMatch.isSameKey(table, "b", "a"));
    create(of, table.copied(), rows + free);
    create(of, table.stored(), rows + "NOT " + free);
  }

  private void create(PartTable of, List<String> columns, String rows) throws SQLException {
    session.update(
        Sql.of(
            "INSERT OR IGNORE INTO {stage} (\"{columns}\") SELECT {values} FROM {rows}",
            of.stage(),
            columns,
            Sql.columns("a", columns),
            rows));
  }

  /** A condition: the staged row {@code s} comes out of the archive. */
  String comes(PartTable of) {
    return comes(of, "1");
  }

  static String comes(PartTable of, String condition) {
    return of.hasIdentity()
        ? Sql.of(
            "EXISTS (SELECT 1 FROM {then} a WHERE {same} AND {taken} AND {condition})",
            of.rows(Side.THEN),
            of.isSame("a", "s"),
            of.isIn(of.taken(), "a"),
            condition)
        : "NOT " + of.isIn(of.staying(), "s");
  }

  /** What was to come and did not breaks a rule together with rows that stay. */
  void requireAllTaken(PartTable of) throws SQLException {
    Table table = of.table();
    if (!of.hasIdentity()) {
      long lost =
          session.queryLong("SELECT count(*) FROM " + of.taken())
              + session.queryLong("SELECT count(*) FROM " + of.staying())
              - session.queryLong("SELECT count(*) FROM " + of.stage());
      if (lost > 0) {
        conflicts.add(
            lost
                + " rows of table "
                + of.name()
                + " break a rule of the table together with rows that stay as they are");
      }
      return;
    }
    String lost =
        of.rowsOf(of.taken(), Side.THEN, "a")
            + Sql.of(
                " WHERE NOT EXISTS (SELECT 1 FROM {stage} s WHERE {same})",
                of.stage(),
                of.isSame("s", "a"));
    List<String> keys = keys("SELECT " + Sql.columns("a", of.identity()) + " FROM " + lost, of);
    if (keys.isEmpty()) {
      return;
    }
    Optional<String> unique = Optional.empty();
    for (Table.Unique index : table.uniques()) {
      if (unique.isEmpty() && !index.columns().isEmpty()) {
        unique = inTheWay(of, index, lost);
      }
    }
    conflicts.add(
        "%s rows of table %s (%s = %s) %s"
            .formatted(
                keys.size(),
                of.name(),
                of.identity(),
                shown(keys),
                unique.orElse("break a rule of the table together with what stays as it is")));
  }

  private Optional<String> inTheWay(PartTable of, Table.Unique index, String lost)
      throws SQLException {
    String rows =
        Sql.of(
            "SELECT DISTINCT s.\"{key}\" FROM (SELECT a.* FROM {lost}) a CROSS JOIN {stage} s ON"
                + " {values}",
            of.identity(),
            lost,
            of.stage(),
            Sql.equal("s", index.columns(), "a", index.columns()));
    List<String> keys = keys(rows, of);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "must be unique in %s, and rows that stay as they are have their values by now: %s"
                    .formatted(index.columns(), shown(keys))
                + "; change those first, or choose them too");
  }

  List<String> keys(String select, PartTable of) throws SQLException {
    int size = of.hasIdentity() ? of.identity().size() : of.table().key().size();
    return session.query(select, row -> RowKeys.text(RowKeys.values(row, size)));
  }

  static String shown(List<String> keys) {
    return keys.size() <= SAMPLES
        ? String.join(", ", keys)
        : String.join(", ", keys.subList(0, SAMPLES)) + " and " + (keys.size() - SAMPLES) + " more";
  }
}
