package dev.sevenfold.backup.rows;

import static java.util.stream.Collectors.joining;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Looks at every reference that leaves a tenant's rows. One that leads to another tenant's row is
 * reported; where it makes doubtful whose row it is, the backup stops. One that leads nowhere is
 * counted.
 */
public final class EdgeCheck {

  private static final int SAMPLES = 5;

  /**
   * What was found.
   *
   * @param warnings references to other tenants' rows, one sentence each
   * @param dangling for each table, how many references of its rows lead to no row at all
   * @param deadEnds which references these are, and with which values
   * @param toOthers references to other tenants' rows, and with which values
   */
  public record Result(
      List<String> warnings,
      Map<String, Long> dangling,
      List<ListedReference> deadEnds,
      List<ListedReference> toOthers) {
    public Result {
      warnings = List.copyOf(warnings);
      dangling = Map.copyOf(dangling);
      deadEnds = List.copyOf(deadEnds);
      toOthers = List.copyOf(toOthers);
    }
  }

  /** References of the tenant's rows {@code c} to rows {@code p} that are not among them. */
  private record Crossing(
      Ownership.Reference reference, Edge edge, Table child, Table parent, String rows) {}

  /** The tenant's rows {@code t} that rows of {@code users} point at which are not the tenant's. */
  private record Shared(Table table, List<String> users, String rows) {}

  /**
   * A reference whose values are not all among the keys that were copied.
   *
   * @param set these values, in columns of the child's names, as {@code v}
   */
  private record Leaving(Ownership.Reference reference, Edge edge, Table parent, String set) {}

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final TenantKey key;
  private final Owners owners;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final Map<String, Long> dangling = new TreeMap<>();
  private final DeadEnds deadEnds;
  private final DeadEnds toOthers;

  private EdgeCheck(LiveRows live, Copy copied) {
    this.live = live;
    this.session = live.workbench();
    this.ownership = copied.model().ownership();
    this.schema = copied.model().schema();
    this.key = copied.key();
    this.owners = Owners.in(Scope.of(live, copied.model(), key), "edge");
    this.deadEnds = new DeadEnds(session);
    this.toOthers = new DeadEnds(session);
  }

  /**
   * Checks the rows that were copied, in the snapshot that they were copied from. What stays among
   * them is found in the copy; only the few values that leave it are looked up in the live tables.
   *
   * @param restoring whether the copy is of what a restore replaces
   */
  public static Result run(LiveRows live, Copy copied, boolean restoring) throws SQLException {
    EdgeCheck check = new EdgeCheck(live, copied);
    check.warnings.addAll(UnknownTypes.requireKnown(live, copied, restoring));
    List<Leaving> leaving = new ArrayList<>();
    for (Ownership.Reference reference : check.ownership.references()) {
      check.leaving(reference, leaving.size()).ifPresent(leaving::add);
    }
    live.bring(check.questions(leaving));
    List<Crossing> crossings = new ArrayList<>();
    for (Leaving one : leaving) {
      check.follow(one).ifPresent(crossings::add);
    }
    List<Shared> shared = check.sharedReferences();
    check.owners.climb();
    for (Crossing crossing : crossings) {
      check.judge(crossing);
    }
    for (Shared one : shared) {
      check.judge(one);
    }
    if (!check.conflicts.isEmpty()) {
      throw new BackupRefused(
          "Rows of tenant " + copied.key().tenant() + " also lead to another tenant",
          check.conflicts,
          "Correct the rows, or say in the model which reference decides whose row it is");
    }
    return new Result(
        check.warnings, check.dangling, check.deadEnds.found(), check.toOthers.found());
  }

  /** What a reference leads to that was not copied. */
  private Optional<Leaving> leaving(Ownership.Reference reference, int number) throws SQLException {
    Edge edge = Edge.of(reference);
    Optional<Table> parent = schema.find(edge.parent());
    if (parent.isEmpty() || !session.exists("SELECT 1" + fromLeaving(edge))) {
      return Optional.empty();
    }
    Table child = schema.table(edge.child());
    String set = Sql.name(Workbench.WORK, "leaving_" + number);
    // They compare as the child's own columns do.
    String definitions =
        Sql.commas(
            edge.columns(),
            column ->
                "%s %s COLLATE %s"
                    .formatted(
                        Sql.name(column),
                        child.affinity(column),
                        Sql.name(child.collation(column))));
    session.make(set, '(' + definitions + ')');
    // Told apart by type, and to the letter: 1 and 1.0 may point at different texts.
    session.update(
        Sql.of(
            "INSERT INTO {set} SELECT \"{columns}\" FROM (SELECT DISTINCT {types}, {values}{from})",
            set,
            edge.columns(),
            Sql.commas(edge.columns(), column -> "typeof(c." + Sql.name(column) + ")"),
            Sql.commas(
                edge.columns(),
                column -> "c.%1$s COLLATE BINARY AS %1$s".formatted(Sql.name(column))),
            fromLeaving(edge)));
    return Optional.of(new Leaving(reference, edge, parent.get(), set));
  }

  /** A condition: the reference of the copied row {@code c} leads to no copied row. */
  private String leaves(Edge edge) {
    return ownership.owned(edge.parent()).isEmpty()
        ? edge.isSet("c")
        : Sql.of(
            "{is set} AND ({pointer} IN (SELECT s.\"{pointed at}\" FROM {copy} s)) IS NOT 1",
            edge.isSet("c"),
            edge.pointer(schema, "c"),
            edge.parentColumns(),
            Sql.name(Workbench.COPY, edge.parent()));
  }

  private String fromLeaving(Edge edge) {
    return " FROM " + Sql.name(Workbench.COPY, edge.child()) + " c WHERE " + leaves(edge);
  }

  private List<Question> questions(List<Leaving> leaving) {
    List<Question> questions = new ArrayList<>();
    for (Leaving one : leaving) {
      Edge edge = one.edge();
      String values = "SELECT " + Sql.columns("v", edge.columns()) + " FROM " + one.set() + " v";
      questions.add(
          ownership.owned(edge.parent()).isPresent()
              ? Question.leading(one.parent(), edge.parentColumns(), values)
              : Question.holding(one.parent(), edge.parentColumns(), values));
    }
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ReferencedBy by) {
          String copied = " FROM " + Sql.name(Workbench.COPY, owned.name()) + " t";
          Edge edge = Edge.of(by);
          Table table = schema.table(owned.name());
          String values = "SELECT " + Sql.columns("t", edge.parentColumns()) + copied;
          String keys = "SELECT " + Sql.columns("t", table.key()) + copied;
          questions.add(Question.leading(schema.table(by.child()), edge.columns(), values));
          questions.add(Question.leading(table, table.key(), keys));
        }
      }
    }
    return questions;
  }

  /** Counts the references that lead nowhere, and asks whose rows the others lead to. */
  private Optional<Crossing> follow(Leaving leaving) throws SQLException {
    Edge edge = leaving.edge();
    Table parent = leaving.parent();
    Table child = schema.table(edge.child());
    String there = live.table(parent.name());
    String values = leaving.set() + " v";
    String found = edge.leads(schema, "v", "p");
    String pointedAt = edge.leads(schema, "c", "p");
    if (session.exists(
        "SELECT 1 FROM %s WHERE NOT EXISTS (SELECT 1 FROM %s p WHERE %s)"
            .formatted(values, there, found))) {
      String leadingNowhere =
          "%s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)"
              .formatted(fromLeaving(edge), there, pointedAt);
      long missing = session.queryLong("SELECT count(*)" + leadingNowhere);
      dangling.merge(child.name(), missing, Long::sum);
      deadEnds.list(edge, missing, leadingNowhere);
    }
    String led =
        "SELECT %s FROM %s CROSS JOIN %s p ON %s"
            .formatted(Sql.columns("p", parent.key()), values, there, found);
    if (ownership.owned(edge.parent()).isEmpty() || !session.exists(led)) {
      return Optional.empty();
    }
    owners.ask(parent, live.schema(), led);
    String crossing =
        "%s c CROSS JOIN %s p ON %s WHERE %s"
            .formatted(Sql.name(Workbench.COPY, child.name()), there, pointedAt, leaves(edge));
    return Optional.of(new Crossing(leaving.reference(), edge, child, parent, crossing));
  }

  private void judge(Crossing crossing) throws SQLException {
    Table child = crossing.child();
    Table parent = crossing.parent();
    String others =
        crossing.rows() + " AND " + owners.isOtherTenants(parent, live.schema(), "p", parent.key());
    OwnedTable table = ownership.owned(child.name()).orElseThrow();
    boolean claims = table.claims().contains(crossing.reference().claim());
    String undecided =
        table.byKey().map(byKey -> " AND c." + Sql.name(byKey.column()) + " IS NULL").orElse("");
    long doubtful = claims ? count("c", child, others + undecided) : 0;
    if (doubtful > 0) {
      List<String> samples =
          owners.samples(
              parent, live.schema(), others + undecided, "p", parent.key(), "c", child.key());
      conflicts.add(
          "%s: %s rows, the first of them %s".formatted(crossing.edge(), doubtful, samples));
      return;
    }
    long all = count("c", child, others);
    if (all > 0) {
      toOthers.list(crossing.edge(), all, " FROM " + others);
      warnings.add(
          "Cross-tenant reference %s: %s rows of tenant %s point at another tenant's, the first of them %s"
              .formatted(crossing.edge(), all, key.tenant(), firstOf("c", child, others)));
    }
  }

  /**
   * Rows that are the tenant's because its rows point at them, while another tenant's do too. By
   * whatever way each of the two does: so both of them are told of the same rows.
   */
  private List<Shared> sharedReferences() throws SQLException {
    List<Shared> found = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      Table table = schema.table(owned.name());
      Map<String, String> used = new TreeMap<>();
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ReferencedBy by) {
          Edge edge = Edge.of(by);
          Table child = schema.table(by.child());
          String points =
              "EXISTS (SELECT 1 FROM %s c WHERE %s AND %s AND NOT %s)"
                  .formatted(
                      live.table(child.name()),
                      edge.leads(schema, "c", "t"),
                      edge.isSet("c"),
                      Copied.has(child, "c"));
          used.merge(child.name(), points, (one, other) -> one + " OR " + other);
        }
      }
      if (!used.isEmpty()) {
        String copy = Sql.name(Workbench.COPY, table.name());
        String from = copy + " t WHERE (" + String.join(" OR ", used.values()) + ')';
        owners.ask(
            table, live.schema(), "SELECT " + Sql.columns("t", table.key()) + " FROM " + from);
        found.add(new Shared(table, List.copyOf(used.keySet()), from));
      }
    }
    return found;
  }

  private void judge(Shared one) throws SQLException {
    Table table = one.table();
    String others =
        one.rows() + " AND " + owners.isOtherTenants(table, live.schema(), "t", table.key());
    long shared = count("t", table, others);
    if (shared > 0) {
      warnings.add(
          "Cross-tenant reference %s -> %s: %s rows of tenant %s are used by another tenant as well, the first of them %s"
              .formatted(
                  String.join(", ", one.users()),
                  table.name(),
                  shared,
                  key.tenant(),
                  firstOf("t", table, others)));
      listLeadingTo(table, "SELECT 1 FROM " + others);
    }
  }

  /** Lists what leads to rows {@code t} of a table that others own too: they may be alone soon. */
  private void listLeadingTo(Table table, String shared) throws SQLException {
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference);
      if (edge.parent().equalsIgnoreCase(table.name())) {
        String leading =
            " FROM %s c WHERE %s AND EXISTS (%s AND %s)"
                .formatted(
                    Sql.name(Workbench.COPY, edge.child()),
                    edge.isSet("c"),
                    shared,
                    edge.leads(schema, "c", "t"));
        long rows = session.queryLong("SELECT count(*)" + leading);
        if (rows > 0) {
          toOthers.list(edge, rows, leading);
        }
      }
    }
  }

  private long count(String alias, Table table, String rows) throws SQLException {
    return session.queryLong("SELECT count(*) FROM (" + keys(alias, table, rows) + ')');
  }

  /** In the order of their keys: another tenant's backup names the same ones. */
  private List<String> firstOf(String alias, Table table, String rows) throws SQLException {
    int width = table.key().size();
    String first =
        IntStream.rangeClosed(1, width).mapToObj(Integer::toString).collect(joining(","));
    return session.query(
        keys(alias, table, rows) + " ORDER BY " + first + " LIMIT " + SAMPLES,
        row -> RowKeys.text(RowKeys.values(row, width)));
  }

  private static String keys(String alias, Table table, String rows) {
    return "SELECT DISTINCT " + Sql.columns(alias, table.key()) + " FROM " + rows;
  }
}
