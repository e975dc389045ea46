package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The statements that find rows on the server, as sets: where they are goes into a temporary table,
 * {@link #FOUND}, and what was asked for is in another one, {@link #ASKED}. Rows may be found that
 * nobody needs; whose they are is decided on the workbench. Immutable.
 */
final class PostgresSearch {

  static final String ASKED = "sevenfold_asked";
  static final String FOUND = "sevenfold_found";

  /** Both, for as long as a transaction goes on. */
  static final String TABLES =
      """
      CREATE TEMP TABLE sevenfold_asked (q int, k0 text, k1 text, k2 text, k3 text) ON COMMIT DROP;
      CREATE TEMP TABLE sevenfold_found (tab int, id tid, up boolean, below boolean,
        PRIMARY KEY (tab, id)) ON COMMIT DROP
      """;

  static final int MOST_COLUMNS = 4;

  /** What becomes of the rows that a question is about. */
  enum Then {
    NOTHING("false", "false"),
    /** What they lead to is found too. */
    UP("true", "false"),
    /** And all below them; where a row's key does not say whose it is. */
    BELOW("true", "true");

    private final String up;
    private final String below;

    Then(String up, String below) {
      this.up = up;
      this.below = below;
    }
  }

  private final PostgresSchema types;
  private final LiveModel model;

  PostgresSearch(PostgresSchema types, LiveModel model) {
    this.types = types;
    this.model = model;
  }

  /** Finds the rows that a question is about, whose values are asked for by a number. */
  String find(Question question, int number, Then then) {
    Table table = question.table();
    String condition = condition(question, number);
    String rows =
        Sql.of(
                "SELECT {number}, t.ctid, {up}, {below} FROM {table} t WHERE {condition}",
                number(table.name()),
                '(' + then.up + ')',
                '(' + then.below + ')',
                live(table.name()),
                then == Then.BELOW ? condition + " AND " + undecided(table.name()) : condition)
            + (question.about() == Question.About.ANY ? " LIMIT 1" : "");
    return put(rows);
  }

  private String condition(Question question, int number) {
    String table = question.table().name();
    List<String> columns = question.columns();
    String asked = " FROM " + ASKED + " WHERE q = " + number;
    return switch (question.about()) {
      case LACKING ->
          Sql.of(
              "(t.\"{columns}\") IS NOT NULL AND ({texts}) NOT IN (SELECT {values}{asked})",
              columns,
              Sql.commas(columns, column -> "t." + Sql.name(column) + "::text"),
              String.join(", ", values(columns.size())) + ' ',
              asked);
      case NAMING ->
          "EXISTS (SELECT 1 FROM %s n WHERE n.q = %d AND (%s))"
              .formatted(
                  ASKED,
                  number,
                  String.join(
                      " OR ",
                      columns.stream()
                          .map(
                              column ->
                                  "lower(right(t.%s::text, length(n.k0))) = lower(n.k0)"
                                      .formatted(Sql.name(column)))
                          .toList()));
      case ALL -> "1 = 1";
      case ANY -> Sql.of("(t.\"{columns}\") IS NOT NULL", columns);
      case HOLDING, LEADING, TAKEN ->
          Sql.of(
              "(t.\"{columns}\") IN (SELECT {values}{asked})",
              columns,
              String.join(
                      ", ",
                      IntStream.range(0, columns.size())
                          .mapToObj(i -> "k" + i + "::" + types.type(table, columns.get(i)).name())
                          .toList())
                  + ' ',
              asked);
    };
  }

  private static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
  }

  /** Finds the rows that hold a tenant's key; the server compares them with its text. */
  List<String> findKey(String key) {
    List<String> statements = new ArrayList<>();
    for (OwnedTable owned : model.ownership().owned()) {
      owned
          .byKey()
          .map(
              by ->
                  put(
                      "SELECT %s, t.ctid, false, true FROM %s t WHERE t.%s = %s::%s"
                          .formatted(
                              number(owned.name()),
                              live(owned.name()),
                              Sql.name(by.column()),
                              Sql.text(key),
                              types.type(owned.name(), by.column()).name())))
          .ifPresent(statements::add);
    }
    return statements;
  }

  /** Follows every claim downwards, on the server, until no more rows are found. */
  String descend(boolean up) {
    List<String> steps = new ArrayList<>();
    for (OwnedTable owned : model.ownership().owned()) {
      for (Claim claim : owned.claims()) {
        OwnedRows.source(claim)
            .flatMap(model.ownership()::owned)
            .map(source -> down(owned, claim, source.name(), up))
            .ifPresent(steps::add);
      }
    }
    return loop(steps, "below");
  }

  private String down(OwnedTable owned, Claim claim, String source, boolean up) {
    return put(
        Sql.of(
            """
            SELECT DISTINCT {number}, t.ctid, {up}, true FROM {found} f
              JOIN {source} p ON p.ctid = f.id JOIN {table} t ON {link}
            WHERE f.tab = {source number} AND f.below AND {undecided}
            """,
            number(owned.name()),
            up ? "(true)" : "(false)",
            " " + FOUND,
            live(source),
            live(owned.name()),
            link(owned.name(), claim, source),
            number(source),
            undecided(owned.name())));
  }

  /** Follows every claim upwards, to the rows of the tenants at its end. */
  String climb() {
    Ownership ownership = model.ownership();
    List<String> steps = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ByKey by && !ownership.isRoot(owned)) {
          String root = ownership.root().name();
          String link = same(owned.name(), "t", by.column(), root, "p", ownership.keyColumn());
          steps.add(up(owned, root, link, "(false)", "(true)"));
        }
        OwnedRows.source(claim)
            .filter(source -> model.schema().find(source).isPresent())
            .map(
                source ->
                    up(
                        owned,
                        source,
                        link(owned.name(), claim, source),
                        "(true)",
                        undecided(owned.name())))
            .ifPresent(steps::add);
      }
    }
    return loop(steps, "up");
  }

  private String up(OwnedTable owned, String to, String link, String on, String condition) {
    return put(
        """
        SELECT DISTINCT %s, p.ctid, %s, false FROM %s f
          JOIN %s t ON t.ctid = f.id JOIN %s p ON %s
        WHERE f.tab = %s AND f.up AND %s
        """
            .formatted(
                number(to),
                on,
                FOUND,
                live(owned.name()),
                live(to),
                link,
                number(owned.name()),
                condition));
  }

  /** A condition: the row {@code t} leads by the claim to the row {@code p}. */
  private String link(String table, Claim claim, String source) {
    boolean reversed = claim instanceof Claim.ReferencedBy;
    Edge edge = claim instanceof Claim.ReferencedBy by ? Edge.of(by) : Edge.of(table, claim);
    String child = reversed ? "p" : "t";
    String link =
        reversed
            ? same(table, "t", edge.parentColumns(), source, child, edge.columns())
            : same(table, child, edge.columns(), source, "p", edge.parentColumns());
    return edge.typeColumn().isEmpty()
        ? link
        : "%s AND %s.%s = %s"
            .formatted(link, child, Sql.name(edge.typeColumn()), Sql.text(edge.type()));
  }

  private String same(
      String left, String a, List<String> columns, String right, String b, List<String> others) {
    return Sql.allOf(
        IntStream.range(0, columns.size())
            .mapToObj(i -> same(left, a, columns.get(i), right, b, others.get(i)))
            .toList());
  }

  /** Columns of two types are compared as texts: a polymorphic id may be one. */
  private String same(String left, String a, String column, String right, String b, String other) {
    boolean same = types.type(left, column).name().equals(types.type(right, other).name());
    String text = same ? "" : "::text";
    return a + '.' + Sql.name(column) + text + " = " + b + '.' + Sql.name(other) + text;
  }

  /** A condition: the row {@code t} does not hold a tenant's key, which would decide alone. */
  private String undecided(String table) {
    Optional<Claim.ByKey> byKey = model.ownership().owned(table).flatMap(OwnedTable::byKey);
    return byKey.map(by -> "t." + Sql.name(by.column()) + " IS NULL").orElse("(true)");
  }

  private static String put(String rows) {
    return """
        INSERT INTO sevenfold_found AS x %s
        ON CONFLICT (tab, id) DO UPDATE SET up = x.up OR excluded.up, below = x.below OR excluded.below
        WHERE (excluded.up AND NOT x.up) OR (excluded.below AND NOT x.below)
        """
        .formatted(rows.strip());
  }

  private static String loop(List<String> steps, String mark) {
    String count = "(SELECT count(*) FROM " + FOUND + " WHERE " + mark + ')';
    return """
        DO $sevenfold$ DECLARE known bigint; BEGIN
          LOOP
            known := %1$s;
            %2$s;
            EXIT WHEN %1$s = known;
          END LOOP;
        END $sevenfold$
        """
        .formatted(count, String.join(";\n", steps));
  }

  /** Selects the rows that were found: the number of their table, and their values as texts. */
  String found(List<Table> tables) {
    int most = tables.stream().mapToInt(table -> table.stored().size()).max().orElse(0);
    List<String> selects = new ArrayList<>();
    for (Table table : tables) {
      List<String> columns = new ArrayList<>();
      table.stored().forEach(column -> columns.add("t." + Sql.name(column) + "::text"));
      while (columns.size() < most) {
        columns.add("NULL::text");
      }
      selects.add(
          "SELECT %s, %s FROM %s f JOIN %s t ON t.ctid = f.id WHERE f.tab = %1$s"
              .formatted(
                  number(table.name()), String.join(", ", columns), FOUND, live(table.name())));
    }
    return String.join("\nUNION ALL ", selects);
  }

  private String number(String table) {
    return Integer.toString(model.schema().tables().indexOf(model.schema().table(table)));
  }

  private static String live(String table) {
    return Sql.name("public", table);
  }
}
