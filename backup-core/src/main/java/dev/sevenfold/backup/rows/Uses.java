package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.rows.OwnerPlaces.Place;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who uses rows that only a guess gives to a tenant ({@link LooseClaims}): whoever owns a row that
 * refers to them. One that is used by somebody whom its own claims do not lead to is everybody's,
 * and so is what nothing but such rows makes somebody's.
 */
final class Uses {

  /** Everybody by use, among the owners; who is so declared, {@link EverybodysRows#EVERYBODY}. */
  static final String EVERYBODY = "0";

  private final Scope scope;
  private final OwnerPlaces places;
  private final OwnerClimb climb;
  private final LooseClaims loose;

  Uses(Scope scope, OwnerPlaces places, OwnerClimb climb) {
    this.scope = scope;
    this.places = places;
    this.climb = climb;
    this.loose = LooseClaims.of(scope.model());
  }

  private String marks() {
    return places.table("marks");
  }

  /** Selects the rows that are marked. */
  String marked() {
    return "SELECT node FROM " + marks();
  }

  /**
   * Notes the users of all such rows that were found, and finds whose these are.
   *
   * @return whether there is any
   */
  boolean find(LiveRows live) throws SQLException {
    Map<Place, String> found = new LinkedHashMap<>();
    for (Place place : places.inUse()) {
      if (!loose.uses(place.owned).isEmpty() && places.last(place) > 0) {
        // Those found so far: users may be rows of such tables themselves.
        found.put(place, "n.n <= " + places.last(place));
      }
    }
    if (found.isEmpty()) {
      return false;
    }
    scope
        .session()
        .make(places.table("uses"), "(node, user, PRIMARY KEY (node, user)) WITHOUT ROWID");
    scope.session().make(marks(), "(node INTEGER PRIMARY KEY)");
    List<Question> questions = new ArrayList<>();
    found.forEach(
        (place, which) ->
            loose.uses(place.owned).forEach(edge -> questions.add(asked(place, which, edge))));
    live.bring(questions);
    long known = known();
    for (Map.Entry<Place, String> each : found.entrySet()) {
      for (Edge edge : loose.uses(each.getKey().owned)) {
        note(each.getKey(), each.getValue(), edge);
      }
    }
    if (known() > known) {
      climb.climb();
    }
    return true;
  }

  /** How many rows were found so far. */
  private long known() throws SQLException {
    long known = 0;
    for (Place place : places.inUse()) {
      known += places.last(place);
    }
    return known;
  }

  private Question asked(Place place, String which, Edge edge) {
    Table child = scope.schema().table(edge.child());
    String values =
        "SELECT "
            + Sql.columns("t", edge.parentColumns())
            + " FROM "
            + places.found(place)
            + " WHERE "
            + which;
    return loose.isShared(edge)
        ? Question.holding(child, edge.columns(), values)
        : Question.leading(child, edge.columns(), values);
  }

  private void note(Place place, String which, Edge edge) throws SQLException {
    Table child = scope.schema().table(edge.child());
    String using =
        Sql.of(
            "{found} CROSS JOIN {child} q ON {leads} WHERE {which} AND {is set}",
            places.found(place),
            scope.live(child.name()),
            edge.leads(scope.schema(), "q", "t"),
            which,
            edge.isSet("q"));
    if (!scope.session().exists("SELECT 1 FROM " + using)) {
      return;
    }
    if (loose.isShared(edge)) {
      mark("SELECT " + places.id("n", place) + " FROM " + using);
      return;
    }
    Place user = places.place(child, scope.live()).orElseThrow();
    places.use(user);
    places.put(user, "SELECT " + Sql.columns("q", child.key()) + " FROM " + using);
    scope
        .session()
        .update(
            Sql.of(
                """
                INSERT OR IGNORE INTO {uses}
                SELECT u.node, {user} FROM (SELECT {node} AS node, q."{key}" FROM {using}) u
                  CROSS JOIN {nodes} v ON {same key}
                """,
                places.table("uses"),
                places.id("v", user),
                places.id("n", place),
                child.key(),
                using,
                places.nodes(user),
                Sql.equal("v", OwnedRows.keyColumns(child), "u", child.key())));
  }

  private void mark(String select) throws SQLException {
    scope.session().update("INSERT OR IGNORE INTO " + marks() + ' ' + select);
  }

  /**
   * Marks what is used by somebody whom its claims do not lead to.
   *
   * @param condition which users {@code w.o} of which rows {@code u.node} count
   */
  void markUsed(String condition) throws SQLException {
    mark(
        Sql.of(
            """
            SELECT u.node FROM {uses} u CROSS JOIN {owned} w ON w.node = u.user
            WHERE w.o NOT IN (SELECT x.o FROM {owned} x WHERE x.node = u.node) AND {condition}
              AND NOT {is shared}
            """,
            places.table("uses"),
            places.table("owned"),
            condition,
            EverybodysRows.isAmong(places, "u.node")));
  }

  /** Makes everybody an owner of what is marked, and of what is nobody's but for that. */
  void spread() throws SQLException {
    scope
        .session()
        .update(
            Sql.of(
                """
                INSERT OR IGNORE INTO {owned}
                WITH RECURSIVE
                  firm (node) AS (
                    SELECT node FROM {direct} WHERE o > 0
                    UNION SELECT e.node FROM firm f CROSS JOIN {edges} e ON e.parent = f.node
                      WHERE e.node NOT IN ({marked})),
                  loose (node) AS (
                    {marked}
                    UNION SELECT e.node FROM loose l CROSS JOIN {edges} e ON e.parent = l.node
                      WHERE e.node NOT IN (SELECT f.node FROM firm f))
                SELECT node, {everybody} FROM loose
                """,
                places.table("owned"),
                places.table("direct"),
                places.table("edges"),
                marked(),
                EVERYBODY));
  }
}
