package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives staged rows new ids and rewrites every reference to them: declared, configured, polymorphic
 * and self references alike. Changes the stage alone.
 */
final class Remap {

  private static final String UUID =
      "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
          + " || '-' || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2)"
          + " || '-' || hex(randomblob(6)))";
  private static final String LOOKS_LIKE_UUID = "________-____-____-____-____________";

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> maps = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> notes = new ArrayList<>();

  Remap(Session session, Ownership ownership, SqliteSchema schema, List<RowDiff> diffs) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
  }

  /** What was given new ids. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Makes the staged tenant another one: its key is the target's, and every row has a new id.
   *
   * @param target whose rows they will be
   * @param archived the key that they have in the archive
   */
  void intoTenant(TenantKey target, TenantKey archived) throws SQLException {
    moveRoot(target, archived);
    for (RowDiff diff : diffs.values()) {
      String key = ownId(diff.table());
      if (!key.isEmpty()) {
        giveNewIds(diff.table(), key, "SELECT " + Sql.name(key) + " FROM " + stage(diff.table()));
      }
    }
    rewriteReferences();
  }

  /** Gives new ids to the rows whose ids belong to somebody else by now. */
  void awayFromTakenIds() throws SQLException {
    for (RowDiff diff : diffs.values()) {
      SqliteTable table = diff.table();
      String key = ownId(table);
      if (!key.isEmpty()) {
        String taken =
            "SELECT s."
                + Sql.name(key)
                + " FROM "
                + stage(table)
                + " s CROSS JOIN "
                + Sql.name(SnapshotTaker.LIVE, table.name())
                + " m ON m."
                + Sql.name(key)
                + " = s."
                + Sql.name(key)
                + " WHERE NOT EXISTS (SELECT 1 FROM "
                + Sql.name(RowDiff.BEFORE, table.name())
                + " b WHERE b."
                + Sql.name(key)
                + " = m."
                + Sql.name(key)
                + ')';
        if (session.queryLong("SELECT EXISTS (" + taken + ')') != 0) {
          giveNewIds(table, key, taken);
        }
      }
    }
    rewriteReferences();
  }

  private static String stage(SqliteTable table) {
    return Sql.name(RowDiff.STAGE, table.name());
  }

  /** The key column that holds nothing but the row's own id; empty if the key is made of others. */
  private String ownId(SqliteTable table) {
    if (table.primaryKey().size() != 1 || table.name().equalsIgnoreCase(ownership.root().name())) {
      return "";
    }
    String key = table.primaryKey().get(0);
    boolean isReference =
        ownership.references().stream()
            .filter(reference -> reference.child().equalsIgnoreCase(table.name()))
            .anyMatch(
                reference -> Edge.of(table.name(), reference.claim()).columns().contains(key));
    boolean isTenantKey =
        ownership
            .owned(table.name())
            .flatMap(OwnedTable::byKey)
            .filter(byKey -> byKey.column().equals(key))
            .isPresent();
    return isReference || isTenantKey ? "" : key;
  }

  private void giveNewIds(SqliteTable table, String key, String which) throws SQLException {
    String map = Sql.name(RowDiff.PLAN, "ids_" + maps.size());
    session.execute("DROP TABLE IF EXISTS " + map);
    session.execute("CREATE TABLE " + map + " (old PRIMARY KEY, new)");
    session.execute("INSERT INTO " + map + " (old) " + which);
    session.execute("UPDATE " + map + " SET new = " + newId(table, key));
    session.execute(
        "UPDATE OR ABORT "
            + stage(table)
            + " SET "
            + Sql.name(key)
            + " = (SELECT new FROM "
            + map
            + " WHERE old = "
            + Sql.name(key)
            + ") WHERE "
            + Sql.name(key)
            + " IN (SELECT old FROM "
            + map
            + ')');
    maps.put(table.name(), map);
    notes.add(
        session.queryLong("SELECT count(*) FROM " + map)
            + " rows of table "
            + table.name()
            + " get new ids");
  }

  private String newId(SqliteTable table, String key) throws SQLException {
    String column = Sql.name(key);
    String kinds =
        session
            .query(
                "SELECT coalesce(group_concat(DISTINCT CASE WHEN typeof("
                    + column
                    + ") = 'text' AND "
                    + column
                    + " LIKE '"
                    + LOOKS_LIKE_UUID
                    + "' THEN 'uuid' WHEN typeof("
                    + column
                    + ") = 'blob' AND length("
                    + column
                    + ") = 16 THEN 'bytes' ELSE typeof("
                    + column
                    + ") END), 'integer') FROM "
                    + stage(table),
                row -> row.getString(1))
            .get(0);
    return switch (kinds) {
      case "integer" -> highest(table, key) + " + rowid";
      case "uuid" -> UUID;
      case "bytes" -> "randomblob(16)";
      default ->
          throw new RestoreRefused(
              "Rows of table "
                  + table.name()
                  + " cannot be given new ids: "
                  + key
                  + " holds "
                  + kinds,
              List.of(),
              "Only whole numbers and UUIDs can be made anew");
    };
  }

  /** Above every id that is in use, was in use, or is in the archive. */
  private long highest(SqliteTable table, String key) throws SQLException {
    String max = "SELECT coalesce(max(" + Sql.name(key) + "), 0) FROM ";
    long highest =
        Math.max(
            session.queryLong(max + Sql.name(SnapshotTaker.LIVE, table.name())),
            session.queryLong(max + stage(table)));
    boolean hasSequences =
        session.queryLong(
                "SELECT count(*) FROM "
                    + Sql.name(SnapshotTaker.LIVE, "sqlite_schema")
                    + " WHERE name = 'sqlite_sequence'")
            != 0;
    return hasSequences
        ? Math.max(
            highest,
            session.queryLong(
                "SELECT seq FROM "
                    + Sql.name(SnapshotTaker.LIVE, "sqlite_sequence")
                    + " WHERE name = ?",
                table.name()))
        : highest;
  }

  private void rewriteReferences() throws SQLException {
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference.child(), reference.claim());
      RowDiff child = diffs.get(edge.child());
      String map = maps.get(edge.parent());
      if (child != null && map != null) {
        String id = ownId(schema.table(edge.parent()));
        for (int i = 0; i < edge.columns().size(); i++) {
          if (edge.parentColumns().get(i).equalsIgnoreCase(id)) {
            rewrite(child.table(), edge, edge.columns().get(i), map);
          }
        }
      }
    }
    new IdTexts(session, ownership, diffs, maps).rewrite();
  }

  private void rewrite(SqliteTable child, Edge edge, String column, String map)
      throws SQLException {
    requireOneTarget(child, column, edge);
    // A text column may hold a numeric id, as polymorphic ones often do.
    session.execute(
        "UPDATE OR ABORT "
            + stage(child)
            + " AS t SET "
            + Sql.name(column)
            + " = (SELECT new FROM "
            + map
            + " WHERE old = t."
            + Sql.name(column)
            + ") WHERE "
            + edge.isSet("t")
            + " AND EXISTS (SELECT 1 FROM "
            + map
            + " WHERE old = t."
            + Sql.name(column)
            + ')');
  }

  /** A column that two keys lead out of to two tables cannot hold two new ids. */
  private void requireOneTarget(SqliteTable child, String column, Edge edge) {
    for (Ownership.Reference other : ownership.references()) {
      if (other.child().equalsIgnoreCase(child.name())) {
        Edge also = Edge.of(child.name(), other.claim());
        if (also.columns().contains(column)
            && also.typeColumn().isEmpty()
            && edge.typeColumn().isEmpty()
            && !also.parent().equalsIgnoreCase(edge.parent())
            && maps.containsKey(also.parent())) {
          throw new RestoreRefused(
              "Column "
                  + child.name()
                  + '.'
                  + column
                  + " points at "
                  + edge.parent()
                  + " and at "
                  + also.parent()
                  + ", and rows of both get new ids",
              List.of(),
              "Remove one of the two references from the model");
        }
      }
    }
  }

  private void moveRoot(TenantKey target, TenantKey archived) throws SQLException {
    SqliteTable root = schema.table(ownership.root().name());
    String key = Sql.name(ownership.keyColumn());
    session.update(
        "UPDATE OR ABORT " + stage(root) + " SET " + key + " = ? WHERE " + key + " = ?",
        target.value(),
        archived.value());
    keepIdentityOf(root, key, target);
    for (OwnedTable owned : ownership.owned()) {
      Optional<Claim.ByKey> byKey = owned.byKey();
      RowDiff diff = diffs.get(owned.name());
      if (diff != null && byKey.isPresent() && !ownership.isRoot(owned)) {
        move(diff.table(), byKey.get().column(), target, archived);
      }
    }
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference.child(), reference.claim());
      RowDiff diff = diffs.get(edge.child());
      if (diff != null
          && edge.parent().equalsIgnoreCase(root.name())
          && edge.parentColumns().equals(List.of(ownership.keyColumn()))) {
        move(diff.table(), edge.columns().get(0), target, archived);
      }
    }
  }

  private void move(SqliteTable table, String column, TenantKey target, TenantKey archived)
      throws SQLException {
    session.update(
        "UPDATE OR ABORT "
            + stage(table)
            + " SET "
            + Sql.name(column)
            + " = ? WHERE "
            + Sql.name(column)
            + " = ?",
        target.value(),
        archived.value());
  }

  /** A tenant that exists keeps its name and settings; only what points at its rows is replaced. */
  private void keepIdentityOf(SqliteTable root, String key, TenantKey target) throws SQLException {
    String live = Sql.name(SnapshotTaker.LIVE, root.name());
    boolean exists =
        session.queryLong(
                "SELECT EXISTS (SELECT 1 FROM " + live + " WHERE " + key + " = ?)", target.value())
            != 0;
    if (!exists) {
      return;
    }
    List<String> references =
        ownership.references().stream()
            .filter(reference -> reference.child().equalsIgnoreCase(root.name()))
            .flatMap(reference -> Edge.of(root.name(), reference.claim()).columns().stream())
            .toList();
    List<String> kept =
        root.stored().stream()
            .filter(column -> !references.contains(column))
            .filter(column -> !column.equals(ownership.keyColumn()))
            .toList();
    if (!kept.isEmpty()) {
      session.update(
          "UPDATE OR ABORT "
              + stage(root)
              + " AS s SET "
              + Sql.commas(kept, column -> Sql.name(column) + " = m." + Sql.name(column))
              + " FROM "
              + live
              + " m WHERE m."
              + key
              + " = s."
              + key);
    }
  }
}
