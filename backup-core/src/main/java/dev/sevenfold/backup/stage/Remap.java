package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Gives staged rows new ids and rewrites every reference to them: declared, configured, polymorphic
 * and self references alike. Changes the stage alone.
 */
public final class Remap {

  /** How many ids are left free, each time that others have taken those that were planned. */
  private static final long DISTANCE = 10_000;

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Map<String, Table> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final IdOrigins origins;
  private final NewIds ids;
  private final KnownDangling known;
  private final List<String> notes = new ArrayList<>();

  /**
   * Remaps the stage.
   *
   * @param known what dangles in the archive; the values are rewritten as the rows' are
   * @param attempt how often ids that were planned were taken by somebody else
   */
  public Remap(LiveRows live, List<Table> tables, KnownDangling known, int attempt)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    tables.forEach(table -> this.tables.put(table.name(), table));
    this.origins = new IdOrigins(ownership, live.model().schema());
    this.known = known;
    this.ids = new NewIds(live, attempt * DISTANCE);
  }

  /** The columns that were given new ids. */
  public Set<Ownership.Column> renewed() {
    return ids.maps().keySet().stream()
        .map(origin -> new Ownership.Column(origin.table(), origin.column()))
        .collect(Collectors.toSet());
  }

  /** What was given new ids. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Makes the staged tenant another one: its key is the target's, and every row has a new id.
   *
   * @param target whose rows they will be
   * @param archived the key that they have in the archive
   */
  public void intoTenant(TenantKey target, TenantKey archived) throws SQLException {
    ids.put(origins.root(), archived.value(), target.value());
    RootRow root = new RootRow(live);
    boolean exists = root.isThere(target);
    for (Table table : tables.values()) {
      for (IdOrigins.Origin origin : origins.ownIds(table)) {
        if (exists && origin.table().equals(ownership.root().name())) {
          root.keepId(origin, target, archived, ids);
        } else {
          ids.make(origin, all(table, origin.column()));
        }
      }
      Optional<IdOrigins.Origin> part = origins.partOfKey(table);
      if (part.isPresent()) {
        ids.make(part.get(), all(table, part.get().column()));
      }
    }
    rewrite();
    if (exists) {
      root.keepValues(target);
    }
  }

  /** Gives new ids to the rows whose ids belong to somebody else by now. */
  public void awayFromTakenIds() throws SQLException {
    List<Question> questions = new ArrayList<>();
    for (Table table : tables.values()) {
      origins.ownIds(table).stream()
          .map(origin -> questionOf(table, List.of(origin.column())))
          .forEach(questions::add);
      origins
          .partOfKey(table)
          .ifPresent(any -> questions.add(questionOf(table, table.primaryKey())));
    }
    live.bring(questions);
    for (Table table : tables.values()) {
      for (IdOrigins.Origin origin : origins.ownIds(table)) {
        ids.make(origin, taken(table, List.of(origin.column()), origin.column()));
      }
      Optional<IdOrigins.Origin> part = origins.partOfKey(table);
      if (part.isPresent()) {
        ids.make(part.get(), taken(table, table.primaryKey(), part.get().column()));
      }
    }
    rewrite();
  }

  private static Question questionOf(Table table, List<String> key) {
    return Question.holding(
        table, key, "SELECT " + Sql.columns("s", key) + " FROM " + stage(table) + " s");
  }

  private static String stage(Table table) {
    return Sql.name(Workbench.STAGE, table.name());
  }

  private static String all(Table table, String column) {
    return Sql.of(
        "SELECT DISTINCT {column} FROM {staged} WHERE {column} IS NOT NULL",
        Sql.name(column),
        stage(table));
  }

  /** Selects a column of the staged rows whose key is that of a row outside of the tenant. */
  private String taken(Table table, List<String> key, String column) {
    return Sql.of(
        """
        SELECT DISTINCT s."{column}" FROM {staged} s CROSS JOIN {live} m ON {staged key}
        WHERE NOT EXISTS (SELECT 1 FROM {copy} b WHERE {own key})
        """,
        column,
        stage(table),
        live.table(table.name()),
        Sql.equal("m", key, "s", key),
        Sql.name(Workbench.COPY, table.name()),
        Sql.equal("b", key, "m", key));
  }

  private void rewrite() throws SQLException {
    new IdTexts(session, ownership, tables, ids).rewrite();
    for (Table table : tables.values()) {
      for (Table.Column column : table.columns()) {
        if (!column.generated()) {
          rewrite(table, column.name());
        }
      }
    }
    for (Map.Entry<IdOrigins.Origin, String> map : ids.maps().entrySet()) {
      Table table = tables.get(map.getKey().table());
      if (table != null) {
        long rows = replace(table, map.getKey().column(), map.getValue(), "1");
        if (!map.getKey().equals(origins.root())) {
          notes.add(rows + " rows of table " + table.name() + " get new ids");
        }
      }
    }
  }

  /** Rewrites one column that repeats ids. */
  private void rewrite(Table table, String column) throws SQLException {
    IdOrigins.Origin own = new IdOrigins.Origin(table.name(), column);
    Set<IdOrigins.Origin> from = new LinkedHashSet<>(origins.of(table.name(), column));
    from.removeIf(origin -> origin.equals(own) || ids.map(origin).isEmpty());
    Set<IdOrigins.Origin> typed = new LinkedHashSet<>();
    for (Edge edge : origins.edgesOf(table.name())) {
      if (!edge.isPlain() && edge.columns().contains(column)) {
        Optional<IdOrigins.Origin> mapped = mapped(edge);
        if (mapped.isPresent() && !from.contains(mapped.get())) {
          typed.add(mapped.get());
          replace(table, column, ids.map(mapped.get()).orElseThrow(), edge.isSet("t"));
        }
      }
    }
    requireOneOrigin(own, from, typed);
    for (IdOrigins.Origin origin : from) {
      String map = ids.map(origin).orElseThrow();
      replace(table, column, map, "1");
      known.replace(session, table.name(), column, map);
    }
  }

  /** Where the ids come from that an edge with a type repeats, if they get new ones. */
  private Optional<IdOrigins.Origin> mapped(Edge edge) {
    return origins.of(edge.parent(), edge.parentColumns().get(0)).stream()
        .filter(origin -> ids.map(origin).isPresent())
        .findFirst();
  }

  private static void requireOneOrigin(
      IdOrigins.Origin own, Set<IdOrigins.Origin> from, Set<IdOrigins.Origin> typed) {
    if (from.size() > 1 || (!from.isEmpty() && !typed.isEmpty())) {
      Set<IdOrigins.Origin> all = new LinkedHashSet<>(from);
      all.addAll(typed);
      throw new RestoreRefused(
          "Column " + own + " repeats the ids of " + all + ", and all of them get new ones",
          List.of(),
          "Remove all but one of these references from the model; or, where another column has a"
              + " type that says which of them an id is of, declare the two as polymorphic or"
              + " delegated");
    }
  }

  private long replace(Table table, String column, String map, String condition)
      throws SQLException {
    try {
      return session.update(NewIds.replaced(stage(table), column, map, condition));
    } catch (SQLException e) {
      if (!SqliteErrors.isConstraint(e)) {
        throw e;
      }
      throw new RestoreRefused(
          "The schema does not take the new ids of " + table.name() + '.' + column,
          List.of(String.valueOf(e.getMessage())),
          "Declare a replacement for the column that these ids are of, which makes such as the"
              + " schema allows",
          e);
    }
  }
}
