package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.PartTable.Side;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a part needs beside the rows that were chosen: rows that they refer to and that are missing,
 * whoever makes them the tenant's, and rows that go no more because others still use them. Use
 * once, from one thread.
 */
final class PartNeeds {

  private final Session session;
  private final LiveModel model;
  private final Schema schema;
  private final List<PartTable> tables;
  private final PartStage stage;
  private final Set<Edge> edges = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();

  PartNeeds(Session session, LiveModel model, List<PartTable> tables, PartStage stage) {
    this.session = session;
    this.model = model;
    this.schema = model.schema();
    this.tables = tables;
    this.stage = stage;
    model.ownership().references().forEach(reference -> edges.add(Edge.of(reference)));
    tables.forEach(table -> edges.addAll(Edge.declared(table.table())));
  }

  List<String> notes() {
    return notes;
  }

  List<String> conflicts() {
    return conflicts;
  }

  /** Brings rows that are missing, until nothing more is needed. */
  void bring() throws SQLException {
    boolean more = true;
    while (more) {
      more = bringRoot();
      for (Edge edge : edges) {
        more |= bringParents(edge);
      }
      for (PartTable table : tables) {
        more |= bringOwners(table);
      }
    }
    for (PartTable table : tables) {
      tell(table);
    }
  }

  /** Has rows stay that are still used, and looks for those that would be left alone. */
  void finish() throws SQLException {
    boolean more = true;
    while (more) {
      more = keepUsed();
    }
    for (Edge edge : Edge.undeclared(model.ownership())) {
      requireNoOrphans(edge);
    }
  }

  private Optional<PartTable> find(String name) {
    return tables.stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
  }

  /** The tenant's own row, where all of it is gone. */
  private boolean bringRoot() throws SQLException {
    Optional<PartTable> root = find(model.ownership().root().name());
    for (PartTable table : tables) {
      if (root.isPresent() && session.exists("SELECT 1 FROM " + table.taken())) {
        PartTable of = root.get();
        return bring(of, "SELECT " + Sql.columns(of.keys()) + " FROM " + of.missing());
      }
    }
    return false;
  }

  /** Rows that are missing, and that rows which come refer to. */
  private boolean bringParents(Edge edge) throws SQLException {
    Optional<PartTable> child = find(edge.child());
    Optional<PartTable> parent = find(edge.parent());
    if (child.isEmpty() || parent.isEmpty()) {
      return false;
    }
    Table of = parent.get().table();
    return bring(
        parent.get(),
        Sql.of(
            """
            SELECT q."{key}" FROM {missing} WHERE {columns} IN (
              SELECT {pointers} FROM {children} s WHERE {are set} AND {come} AND NOT EXISTS (
                SELECT 1 FROM {parents} p WHERE {leads}))
            """,
            of.key(),
            parent.get().rowsOf(parent.get().missing(), Side.THEN, "q"),
            of.compared(of, "q", edge.parentColumns(), edge.parentColumns()),
            of.selected(child.get().table(), "s", edge.columns(), edge.parentColumns()),
            child.get().stage(),
            edge.isSet("s"),
            stage.comes(child.get()),
            parent.get().stage(),
            edge.leads(schema, "s", "p")));
  }

  /** Rows that refer to those which come and would else be nobody's. */
  private boolean bringOwners(PartTable table) throws SQLException {
    OwnedTable owned = model.ownership().owned(table.name()).orElseThrow();
    boolean more = false;
    for (Claim claim : owned.claims()) {
      if (claim instanceof Claim.ReferencedBy by && find(by.child()).isPresent()) {
        PartTable owners = find(by.child()).orElseThrow();
        more |=
            bring(
                owners,
                Sql.of(
                    """
                    SELECT q."{key}" FROM {missing} WHERE EXISTS (
                      SELECT 1 FROM {rows} s WHERE {come} AND {are nobodys} AND {leads})
                    """,
                    owners.table().key(),
                    owners.rowsOf(owners.missing(), Side.THEN, "q"),
                    table.stage(),
                    stage.comes(table),
                    isNobodys(table, owned),
                    leads(table, claim)));
      }
    }
    return more;
  }

  /** A condition: no row of the stage makes the staged row {@code s} the tenant's, nor its key. */
  private String isNobodys(PartTable table, OwnedTable owned) {
    List<String> conditions = new ArrayList<>();
    owned.byKey().ifPresent(key -> conditions.add("s." + Sql.name(key.column()) + " IS NULL"));
    for (Claim claim : owned.claims()) {
      Optional<PartTable> source = OwnedRows.source(claim).flatMap(this::find);
      source.ifPresent(
          of ->
              conditions.add(
                  "NOT EXISTS (SELECT 1 FROM "
                      + of.stage()
                      + " q WHERE "
                      + leads(table, claim)
                      + ')'));
    }
    return Sql.allOf(conditions);
  }

  /** A condition: the row {@code s} of a table is the tenant's by the claim if {@code q} is. */
  private String leads(PartTable table, Claim claim) {
    boolean up = !(claim instanceof Claim.ReferencedBy);
    Edge edge = claim instanceof Claim.ReferencedBy by ? Edge.of(by) : Edge.of(table.name(), claim);
    String child = up ? "s" : "q";
    return edge.isSet(child) + " AND " + edge.leads(schema, child, up ? "q" : "s");
  }

  /** Takes archived rows that are missing; tells whether there are any that were not taken yet. */
  private boolean bring(PartTable table, String keys) throws SQLException {
    long last = session.queryLong("SELECT max(n) FROM " + table.needed());
    long fresh =
        session.update(
            Sql.of(
                "INSERT INTO {needed} (\"{keys}\") SELECT * FROM ({rows}) EXCEPT SELECT \"{keys}\""
                    + " FROM {taken}",
                table.needed(),
                table.keys(),
                keys,
                table.taken()));
    String those = "(SELECT * FROM " + table.needed() + " WHERE n > " + last + ')';
    session.update(
        Sql.of(
            "INSERT INTO {taken} (\"{keys}\") SELECT \"{keys}\" FROM {those}",
            table.taken(),
            table.keys(),
            those));
    if (fresh > 0) {
      stage.create(table, those);
    }
    return fresh > 0;
  }

  /**
   * Rows that are the tenant's because others refer to them go only with the last of those. What
   * hangs below one that stays does, too.
   */
  private boolean keepUsed() throws SQLException {
    boolean more = false;
    for (PartTable table : tables) {
      OwnedTable owned = model.ownership().owned(table.name()).orElseThrow();
      for (Claim claim : PartRows.claims(model, owned)) {
        Optional<PartTable> source = OwnedRows.source(claim).flatMap(this::find);
        if (source.isPresent()) {
          String uses =
              claim instanceof Claim.ReferencedBy
                  ? source.get().stage() + " q"
                  : source.get().rowsOf(source.get().held(), Side.NOW, "q");
          more |= hold(table, uses + " WHERE " + leads(table, claim));
        }
      }
    }
    return more;
  }

  /** Has live rows stay that were to go; tells whether there are any. */
  private boolean hold(PartTable table, String because) throws SQLException {
    long held =
        session.update(
            Sql.of(
                "INSERT INTO {held} (\"{keys}\") SELECT s.\"{key}\" FROM {now} s WHERE NOT {stays}"
                    + " AND NOT {replaced} AND EXISTS (SELECT 1 FROM {because})",
                table.held(),
                table.keys(),
                table.table().key(),
                table.rows(Side.NOW),
                table.isIn(table.staying(), "s"),
                PartStage.isReplaced(table, "s"),
                because));
    if (held > 0) {
      long last = session.queryLong("SELECT max(n) FROM " + table.staying());
      session.update(
          Sql.of(
              "INSERT OR IGNORE INTO {staying} (\"{keys}\") SELECT \"{keys}\" FROM {held}",
              table.staying(),
              table.keys(),
              table.held()));
      stage.stay(table, last);
    }
    return held > 0;
  }

  private void tell(PartTable table) throws SQLException {
    List<String> columns = table.hasIdentity() ? table.identity() : table.table().key();
    // The stage has what is computed of a row, too; a row without a key cannot be met there.
    RowNames names = table.names();
    boolean there =
        table.hasIdentity() || names.display().stream().allMatch(table.table().copied()::contains);
    List<String> rows =
        session.query(
            Sql.of(
                "SELECT q.\"{columns}\", {display} FROM {needed} LEFT JOIN {rows} s ON {same}",
                columns,
                there ? names.display("s") : RowNames.NONE,
                table.rowsOf(table.needed(), Side.THEN, "q"),
                table.hasIdentity() ? table.stage() : table.rows(Side.THEN),
                Sql.equal("s", columns, "q", columns)),
            row ->
                RowKeys.text(RowKeys.values(row, columns.size()))
                    + RowNames.shown(Optional.ofNullable(row.getString(columns.size() + 1))));
    if (!rows.isEmpty()) {
      notes.add(
          "%s rows of table %s come back too, as rows that were chosen need them: %s = %s"
              .formatted(rows.size(), table.name(), columns, PartStage.shown(rows)));
    }
  }

  /** Of declared references, a plan says so by itself. */
  private void requireNoOrphans(Edge edge) throws SQLException {
    Optional<PartTable> child = find(edge.child());
    Optional<PartTable> parent = find(edge.parent());
    if (child.isEmpty() || parent.isEmpty()) {
      return;
    }
    List<String> columns =
        child.get().hasIdentity() ? child.get().identity() : child.get().table().key();
    List<String> orphans =
        stage.keys(
            Sql.of(
                """
                SELECT s."{key}" FROM {stage} s WHERE {is set} AND NOT {comes}
                  AND NOT EXISTS (SELECT 1 FROM {parents} p WHERE {leads})
                  AND EXISTS (SELECT 1 FROM {now} p WHERE {leads})
                """,
                columns,
                child.get().stage(),
                edge.isSet("s"),
                stage.comes(child.get()),
                parent.get().stage(),
                edge.leads(schema, "s", "p"),
                parent.get().rows(Side.NOW)),
            child.get());
    if (!orphans.isEmpty()) {
      conflicts.add(
          "%s rows of table %s stay as they are, and refer through %s to rows of table %s that would go: %s = %s; choose them too, or delete nothing"
              .formatted(
                  orphans.size(),
                  child.get().name(),
                  edge.columns(),
                  parent.get().name(),
                  columns,
                  PartStage.shown(orphans)));
    }
  }
}
