package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The root row of a tenant that other rows are restored into. One that exists keeps its ids, its
 * name and its settings; only what points at its rows is replaced.
 */
final class RootRow {

  private static final String TARGET = Sql.name(Workbench.PLAN, "target_key");

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Table root;
  private final String key;

  RootRow(LiveRows live) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.root = live.model().root();
    this.key = Sql.name(ownership.keyColumn());
  }

  boolean isThere(TenantKey tenant) throws SQLException {
    tenant.keep(session, TARGET, root, ownership.keyColumn());
    live.bring(
        List.of(Question.holding(root, List.of(ownership.keyColumn()), "SELECT k FROM " + TARGET)));
    return session.exists("SELECT 1 FROM " + live() + " WHERE " + key + " = ?", tenant.value());
  }

  private String live() {
    return live.table(root.name());
  }

  private String stage() {
    return Sql.name(Workbench.STAGE, root.name());
  }

  /** Maps an id beside the key to the one that the live row has. */
  void keepId(IdOrigins.Origin origin, TenantKey target, TenantKey archived, NewIds ids)
      throws SQLException {
    Optional<Object> old = value(origin.column(), stage(), archived);
    Optional<Object> now = value(origin.column(), live(), target);
    if (old.isPresent() && now.isPresent()) {
      ids.put(origin, old.get(), now.get());
    }
  }

  private Optional<Object> value(String column, String table, TenantKey tenant)
      throws SQLException {
    return session
        .query(
            Sql.of(
                "SELECT {column} FROM {table} WHERE {key} = ? AND {column} IS NOT NULL",
                Sql.name(column),
                table,
                key),
            row -> TenantKey.value(row.getObject(1)),
            tenant.value())
        .stream()
        .findFirst();
  }

  /** Gives the staged row, which has the target's key by now, the values of the live one. */
  void keepValues(TenantKey target) throws SQLException {
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
          Sql.of(
              """
              UPDATE OR ABORT {staged} AS s SET {kept} FROM {live} m
              WHERE m.{key} = s.{key} AND s.{key} = ?
              """,
              stage(),
              Sql.commas(kept, column -> Sql.name(column) + " = m." + Sql.name(column)),
              live(),
              key),
          target.value());
    }
  }
}
