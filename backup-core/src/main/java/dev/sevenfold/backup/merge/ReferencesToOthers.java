package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.KnownToOthers;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds rows of an archive from outside that refer to another tenant's row: whoever made it up
 * could get hold of that row, its files or its blobs. What the same row refers to now, and what an
 * archive lists that was made here, is known. A row that is the tenant's too is no other's, and
 * neither is one that is everybody's.
 */
final class ReferencesToOthers {

  static final String ADVICE =
      "; they do not so now, and the archive was sent in. If that is as it should be, restore with"
          + " acceptingReferencesToOthers()";

  private static final int SAMPLES = 5;

  /** Written rows {@code s}, as {@code w}, that point through an edge at rows {@code p}. */
  private record Leading(RowDiff diff, Edge edge, Table parent, String rows) {}

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final Ownership ownership;
  private final TenantKey key;
  private final Map<String, RowDiff> diffs;
  private final KnownToOthers known;

  ReferencesToOthers(
      LiveRows live, TenantKey key, Map<String, RowDiff> diffs, List<ListedReference> listed)
      throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.schema = live.model().schema();
    this.ownership = live.model().ownership();
    this.key = key;
    this.diffs = diffs;
    this.known = KnownToOthers.of(listed);
  }

  /** One sentence for each reference that rows would be led to other tenants by. */
  List<String> find() throws SQLException {
    List<Leading> all = leading();
    live.bring(all.stream().map(ReferencesToOthers::question).toList());
    Owners owners = Owners.in(Scope.of(live, live.model(), key), "pointed");
    for (Leading one : all) {
      String keys = "SELECT " + Sql.columns("p", one.parent().key()) + " FROM ";
      owners.ask(one.parent(), live.schema(), keys + one.rows());
    }
    owners.climb();
    List<String> found = new ArrayList<>();
    for (Leading one : all) {
      describe(one, owners, found);
    }
    return found;
  }

  private List<Leading> leading() {
    List<Leading> all = new ArrayList<>();
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference);
      RowDiff diff = diffs.get(edge.child());
      if (diff != null && ownership.owned(edge.parent()).isPresent()) {
        Table parent = schema.table(edge.parent());
        String rows =
            Sql.of(
                "({written}) w CROSS JOIN {staged rows} CROSS JOIN {live} p ON {leads}"
                    + " WHERE {is set}",
                diff.written(),
                diff.stageRows("w"),
                live.table(parent.name()),
                edge.leads(schema, "s", "p"),
                edge.isSet("s"));
        all.add(new Leading(diff, edge, parent, rows));
      }
    }
    return all;
  }

  private static Question question(Leading one) {
    return Question.leading(
        one.parent(),
        one.edge().parentColumns(),
        Sql.of(
            "SELECT s.\"{columns}\" FROM ({written}) w CROSS JOIN {staged rows} WHERE {is set}",
            one.edge().columns(),
            one.diff().written(),
            one.diff().stageRows("w"),
            one.edge().isSet("s")));
  }

  private void describe(Leading one, Owners owners, List<String> found) throws SQLException {
    Table table = one.diff().table();
    Edge edge = one.edge();
    List<String> pointed = one.parent().key();
    String others =
        Sql.of(
            """
            FROM {rows} AND {is others} AND NOT {is tenants} AND NOT {is taken} AND NOT {is now}
              AND NOT {is known}
            """,
            one.rows(),
            owners.isOtherTenants(one.parent(), live.schema(), "p", pointed),
            owners.isTenants(one.parent(), live.schema(), "p", pointed),
            isTaken(one.parent()),
            isNow(one),
            known.isKnown(edge, "s"));
    long rows =
        session.queryLong(
            Sql.of(
                "SELECT count(*) FROM (SELECT DISTINCT s.\"{key}\" {others})",
                table.key(),
                others));
    if (rows > 0) {
      found.add(
          """
          %s restored rows of table %s refer through %s to rows of table %s that are another \
          tenant's: %s = %s, %s = %s\
          """
              .formatted(
                  rows,
                  table.name(),
                  edge.columns(),
                  one.parent().name(),
                  table.key(),
                  samples(table.key(), others, rows),
                  edge.columns(),
                  samples(edge.columns(), others, 0)));
    }
  }

  private String samples(List<String> columns, String from, long all) throws SQLException {
    List<String> first =
        session.query(
            "SELECT DISTINCT " + Sql.columns("s", columns) + ' ' + from + " LIMIT " + SAMPLES,
            row -> RowKeys.text(RowKeys.values(row, columns.size())));
    return all > SAMPLES ? first + " and " + (all - SAMPLES) + " more" : first.toString();
  }

  /**
   * A condition: a restored row is meant, whose id is another row's by now: that is said already.
   */
  private String isTaken(Table parent) {
    RowDiff diff = diffs.get(parent.name());
    return diff == null || parent.hasHiddenRowid()
        ? "0"
        : "EXISTS (SELECT 1 FROM %s i WHERE %s)"
            .formatted(diff.inserts(), Sql.equal("i", diff.stageKey(), "p", parent.key()));
  }

  /**
   * A condition: the row as it is now has the same values. Of rows that nothing tells apart, any.
   */
  private String isNow(Leading one) {
    RowDiff diff = one.diff();
    Table table = diff.table();
    List<String> columns = new ArrayList<>(one.edge().columns());
    if (!one.edge().isPlain()) {
      columns.add(one.edge().typeColumn());
    }
    String isSame = RowMatch.isExact(table, columns, "b", "s");
    return table.identity().isEmpty()
        ? "EXISTS (SELECT 1 FROM %s b WHERE %s)"
            .formatted(Sql.name(Workbench.COPY, table.name()), isSame)
        : "EXISTS (SELECT 1 FROM %s u CROSS JOIN %s WHERE %s AND %s)"
            .formatted(
                diff.updates(),
                diff.beforeRows("u"),
                Sql.equal("u", diff.stageKey(), "w", diff.stageKey()),
                isSame);
  }
}
