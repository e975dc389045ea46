package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The server's rows on a workbench that is nothing but SQLite: its own database has every live
 * table, empty until rows are brought. Values that are asked for go to the server all at once, and
 * what is found comes back all at once. Use from one thread.
 */
abstract class PostgresRows implements LiveRows {

  /** How many numbers a table keeps to number rows with. */
  private static final long NUMBERS_LEFT = 1 << 20;

  private static final String LIVE = Session.MAIN;
  private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ; ";
  private static final int BULK = 100;

  private final PostgresEngine engine;
  private final Session session;
  private @Nullable PostgresModel model;
  private boolean open;
  private int asked;

  PostgresRows(PostgresEngine engine, Session session) {
    this.engine = engine;
    this.session = session;
  }

  @Override
  public final Session workbench() {
    return session;
  }

  final PostgresEngine engine() {
    return engine;
  }

  final PostgresWire wire() throws SQLException {
    return engine.wire(session);
  }

  @Override
  public final LiveModel model() throws SQLException {
    return known().model();
  }

  final PostgresModel known() throws SQLException {
    PostgresModel known = model;
    if (known == null) {
      known = engine.model(session);
      model = known;
    }
    return known;
  }

  final PostgresSearch search() throws SQLException {
    return new PostgresSearch(known().types(), model());
  }

  @Override
  public final Optional<TenantKey> key(TenantId tenant) throws SQLException {
    Table root = model().schema().table(model().ownership().root().name());
    List<String> key = List.of(model().ownership().keyColumn());
    bring(List.of(Question.holding(root, key, "SELECT " + Sql.text(tenant.value()))));
    return TenantKey.find(session, LIVE, model().ownership(), tenant);
  }

  @Override
  public final String schema() {
    return LIVE;
  }

  @Override
  public final String table(String name) {
    return Sql.name(LIVE, name);
  }

  /** Begins a transaction that sees one instant, once the statements before it are done. */
  final void open(String before, String first) throws SQLException {
    forget();
    wire().execute(before + BEGIN + first + PostgresSearch.TABLES);
    if (!open) {
      session.begin();
    }
    open = true;
  }

  /** Ends the transaction, here and there. */
  final void close(String statement) throws SQLException {
    wire().execute(statement);
    open = false;
    session.commit();
  }

  final boolean isOpen() {
    return open;
  }

  /** What was brought may not be so any more. */
  final void forget() throws SQLException {
    for (Table table : model().schema().tables()) {
      session.execute("DELETE FROM " + table(table.name()));
    }
  }

  /** The schema may not be what it was any more. */
  final void forgetModel() {
    model = null;
  }

  @Override
  public final void bring(List<Question> questions) throws SQLException {
    StringBuilder lines = new StringBuilder();
    List<String> statements = new ArrayList<>(List.of("DELETE FROM " + PostgresSearch.FOUND));
    Set<String> tables = new TreeSet<>();
    boolean climb = false;
    for (Question question : questions) {
      boolean leads = question.about() == Question.About.LEADING;
      PostgresSearch.Then then = leads ? PostgresSearch.Then.UP : PostgresSearch.Then.NOTHING;
      if (ask(question, then, lines, statements)) {
        tables.add(question.table().name());
        climb |= leads;
      }
    }
    if (tables.isEmpty()) {
      return;
    }
    if (climb) {
      statements.add(search().climb());
      model().ownership().owned().forEach(owned -> tables.add(owned.name()));
    }
    send(lines, statements, tables, false);
  }

  /** Brings all that is a tenant's, or would be once the staged rows are back. */
  final void bringTenant(TenantKey key, List<Table> returning) throws SQLException {
    StringBuilder lines = new StringBuilder();
    List<String> statements = new ArrayList<>(List.of("DELETE FROM " + PostgresSearch.FOUND));
    String text = String.valueOf(PostgresType.fromSqlite(key.value()));
    statements.addAll(search().findKey(text));
    for (Question question : returning(returning)) {
      ask(question, PostgresSearch.Then.BELOW, lines, statements);
    }
    boolean restore = !returning.isEmpty();
    statements.add(search().descend(restore));
    if (restore) {
      statements.add(search().climb());
    }
    Set<String> tables = new TreeSet<>();
    model().ownership().owned().forEach(owned -> tables.add(owned.name()));
    send(lines, statements, tables, true);
  }

  /** What staged rows lead to or are, so that it comes back with them. */
  private List<Question> returning(List<Table> staged) throws SQLException {
    List<String> names = staged.stream().map(Table::name).toList();
    List<Question> questions = new ArrayList<>();
    for (OwnedTable owned : model().ownership().owned()) {
      Table table = model().schema().table(owned.name());
      if (names.contains(table.name())) {
        questions.add(Question.holding(table, table.key(), staged(table.name(), table.key())));
      }
      for (Claim claim : owned.claims()) {
        Optional<String> source = OwnedRows.source(claim).filter(names::contains);
        if (claim instanceof Claim.ByReference by && source.isPresent()) {
          questions.add(
              Question.holding(table, by.columns(), staged(by.parent(), by.parentColumns())));
        } else if (claim instanceof Claim.ByType by && source.isPresent()) {
          List<String> column = List.of(by.parentColumn());
          questions.add(
              Question.holding(table, List.of(by.idColumn()), staged(by.parent(), column)));
        } else if (claim instanceof Claim.ReferencedBy by && source.isPresent()) {
          Edge edge = Edge.of(by);
          questions.add(
              Question.holding(table, edge.parentColumns(), staged(by.child(), edge.columns())));
        }
      }
    }
    return questions;
  }

  private static String staged(String table, List<String> columns) {
    return "SELECT " + Sql.columns(columns) + " FROM " + Sql.name(Workbench.STAGE, table);
  }

  /** Has the values of a question sent; false if there are none, so that no row has them. */
  private boolean ask(
      Question question, PostgresSearch.Then then, StringBuilder lines, List<String> statements)
      throws SQLException {
    if (question.about() == Question.About.TAKEN) {
      return ask(holding(question), then, lines, statements);
    }
    int number = asked++;
    int before = lines.length();
    // A file's name is not a whole value of a column.
    boolean whole = question.about() != Question.About.NAMING;
    for (List<String> values : values(question)) {
      if (!whole || mayBe(question, values)) {
        lines.append(PostgresWire.line(padded(number, values)));
      }
    }
    boolean needsValues =
        !Set.of(Question.About.LACKING, Question.About.ANY, Question.About.ALL)
            .contains(question.about());
    if (needsValues && lines.length() == before) {
      return false;
    }
    statements.add(search().find(question, number, then));
    return true;
  }

  /** The unique values of staged rows instead of their keys. */
  private static Question holding(Question taken) {
    Table table = taken.table();
    String index = taken.columns().get(0);
    Table.Unique unique =
        table.uniques().stream()
            .filter(each -> each.index().equals(index))
            .findFirst()
            .orElseThrow();
    List<String> keys = OwnedRows.keyColumns(table);
    String values =
        Sql.of(
            "WITH w (\"{keys}\") AS ({asked}) SELECT s.\"{columns}\" FROM w CROSS JOIN {staged} s"
                + " ON {same}",
            keys,
            taken.values(),
            unique.columns(),
            Sql.name(Workbench.STAGE, table.name()),
            Sql.equal("s", table.key(), "w", keys));
    return Question.holding(table, unique.columns(), values);
  }

  private Set<List<String>> values(Question question) throws SQLException {
    int width = question.about() == Question.About.NAMING ? 1 : question.columns().size();
    Set<List<String>> distinct = new LinkedHashSet<>();
    session.forEach(
        "SELECT * FROM (" + question.values() + ')',
        row -> {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= width; i++) {
            String text = PostgresType.fromSqlite(row.getObject(i));
            if (text != null) {
              values.add(text);
            }
          }
          if (values.size() == width) {
            distinct.add(values);
          }
        });
    return distinct;
  }

  private boolean mayBe(Question question, List<String> values) throws SQLException {
    PostgresSchema types = known().types();
    return IntStream.range(0, values.size())
        .allMatch(
            i ->
                types
                    .type(question.table().name(), question.columns().get(i))
                    .mayBe(values.get(i)));
  }

  private static List<@Nullable Object> padded(int number, List<String> values) {
    List<@Nullable Object> line = new ArrayList<>();
    line.add(number);
    line.addAll(values);
    while (line.size() <= PostgresSearch.MOST_COLUMNS) {
      line.add(null);
    }
    return line;
  }

  /**
   * Sends values and what finds rows by them, and takes the rows in.
   *
   * @param many whether they are a tenant's, rather than a few
   */
  private void send(StringBuilder lines, List<String> statements, Set<String> names, boolean many)
      throws SQLException {
    List<Table> all = model().schema().tables();
    List<Brought> brought = new ArrayList<>();
    all.forEach(table -> brought.add(new Brought(table)));
    PostgresWire.Row row =
        line ->
            brought
                .get(Integer.parseInt(String.valueOf(line.get(0))))
                .add(line.subList(1, line.size()));
    String found =
        search().found(all.stream().filter(table -> names.contains(table.name())).toList());
    List<String> batch = new ArrayList<>(statements);
    if (!many) {
      batch.add(found);
    }
    boolean alone = !open;
    try {
      if (alone) {
        wire().execute(BEGIN + PostgresSearch.TABLES);
      }
      if (!lines.isEmpty()) {
        wire().copyIn(PostgresSearch.ASKED, lines.toString());
      }
      wire().execute(String.join(";\n", batch), row);
      if (many) {
        wire().copyOut(found, row);
      }
    } finally {
      if (alone) {
        wire().execute("ROLLBACK");
      }
    }
    for (Brought each : brought) {
      each.flush();
    }
  }

  /** Puts rows of one table into the workbench, some at a time. */
  private final class Brought {
    private final Table table;
    private final List<String> columns;
    private final List<@Nullable Object> values = new ArrayList<>();
    private int rows;

    Brought(Table table) {
      this.table = table;
      this.columns = table.stored();
    }

    void add(List<@Nullable String> texts) throws SQLException {
      for (int i = 0; i < columns.size(); i++) {
        values.add(known().types().type(table.name(), columns.get(i)).toSqlite(texts.get(i)));
      }
      if (++rows == BULK) {
        flush();
      }
    }

    void flush() throws SQLException {
      if (rows > 0) {
        String row = '(' + "?, ".repeat(columns.size() - 1) + "?)";
        String into =
            "INSERT OR IGNORE INTO %s (%s) VALUES %s"
                .formatted(
                    table(table.name()), Sql.columns(columns), row + (", " + row).repeat(rows - 1));
        session.update(into, values.toArray());
        values.clear();
        rows = 0;
      }
    }
  }

  @Override
  public final long highest(String table, String column) throws SQLException {
    List<List<@Nullable String>> rows =
        wire()
            .query(
                """
                SELECT greatest(max(CASE WHEN %1$s::text ~ '^[0-9]{1,18}$' THEN %1$s::text::bigint END),
                  pg_sequence_last_value(pg_get_serial_sequence(%2$s, %3$s)::regclass)) FROM %4$s
                """
                    .formatted(
                        Sql.name(column),
                        Sql.text(Sql.name("public", table)),
                        Sql.text(column),
                        Sql.name("public", table)));
    String highest = rows.get(0).get(0);
    return highest == null ? 0 : Long.parseLong(highest);
  }

  @Override
  public final Optional<Numbering> numbering(Table table) throws SQLException {
    if (table.primaryKey().size() != 1) {
      return Optional.empty();
    }
    String column = table.primaryKey().get(0);
    // A sequence ends where the type of its column does.
    return switch (known().types().type(table.name(), column).name()) {
      case "integer" -> Optional.of(new Numbering(column, Integer.MAX_VALUE - NUMBERS_LEFT, true));
      case "bigint" -> Optional.of(new Numbering(column, Long.MAX_VALUE - NUMBERS_LEFT, true));
      default -> Optional.empty();
    };
  }
}
