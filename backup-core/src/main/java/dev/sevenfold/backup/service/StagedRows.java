package dev.sevenfold.backup.service;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.merge.RowSamples;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.stage.RowNames;
import dev.sevenfold.backup.stage.WrittenKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's rows in a scratch database, in the shape of one day, to be looked at.
 *
 * @param file the database
 */
record StagedRows(Path file) {

  private static final int LONGEST = 200;

  /**
   * One row.
   *
   * @param id what tells it from others, types and all
   * @param key the same as people write it
   * @param columns the names of its columns
   * @param values for people
   * @param exact equal where all values are, of the same types
   */
  record Row(
      String id,
      String key,
      List<String> columns,
      List<@Nullable String> values,
      List<String> exact) {}

  /** Which rows of a table are looked for. */
  interface Condition {
    /** Over rows {@code t}; what it binds, it adds. */
    String over(Table table, List<Object> bound);
  }

  /** The names of all tables. */
  List<String> tables() throws SQLException {
    try (Session session = Session.scratch(file)) {
      return SchemaReader.read(session, Session.MAIN).tables().stream().map(Table::name).toList();
    }
  }

  /** What tells a row under {@code t} from others, types and all. */
  static String id(Table table) {
    return String.join(
        " || '/' || ",
        table.identity().stream().map(column -> "quote(t." + Sql.name(column) + ')').toList());
  }

  /** The first rows that a condition is true for, by their ids. */
  Map<String, Row> find(String name, Condition condition, int most) throws SQLException {
    Map<String, Row> found = new LinkedHashMap<>();
    try (Session session = Session.scratch(file)) {
      Optional<Table> table = SchemaReader.read(session, Session.MAIN).find(name);
      if (table.isPresent()) {
        for (Row row : rows(session, table.get(), condition, most)) {
          found.put(row.id(), row);
        }
      }
    }
    return found;
  }

  private static List<Row> rows(Session session, Table table, Condition condition, int most)
      throws SQLException {
    if (table.identity().isEmpty()) {
      throw new RestoreRefused(
          "Table " + table.name() + " has no primary key that says which row is which",
          List.of(),
          "Look at what differs in it instead");
    }
    List<String> columns = table.stored();
    List<Object> bound = new ArrayList<>();
    String select =
        Sql.of(
            "SELECT {id}, {key}, {texts}, {values} FROM {table} t WHERE {known} AND ({condition})"
                + " ORDER BY {order} LIMIT {most}",
            id(table),
            WrittenKey.written(table.identity(), "t"),
            Sql.commas(columns, column -> RowNames.shown("t." + Sql.name(column))),
            Sql.commas(columns, column -> "quote(t." + Sql.name(column) + ')'),
            Sql.name(table.name()),
            Sql.allOf(
                table.identity().stream()
                    .map(column -> "t." + Sql.name(column) + " IS NOT NULL")
                    .toList()),
            condition.over(table, bound),
            Sql.commas(table.identity(), column -> "t." + Sql.name(column)),
            most);
    return session.query(select, row -> row(row, columns), bound.toArray());
  }

  private static Row row(ResultSet row, List<String> columns) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(row.getString(3 + i));
      exact.add(print(row.getString(3 + columns.size() + i)));
    }
    return new Row(row.getString(1), row.getString(2), columns, values, exact);
  }

  /** Long values are told apart by their digests, so that not all of them are kept. */
  private static String print(String quoted) {
    if (quoted.length() <= LONGEST) {
      return quoted;
    }
    try {
      byte[] bytes = quoted.getBytes(StandardCharsets.UTF_8);
      return Sha256.of(new ByteArrayInputStream(bytes)).sha256();
    } catch (IOException e) {
      throw new OperationFailed(
          "A value could not be digested: " + Printable.reason(e), "Try again", e);
    }
  }

  /**
   * What it takes from these rows to those.
   *
   * @param plan an empty scratch database
   * @param notes is told what cannot be compared
   */
  List<TableChange> to(StagedRows those, Path plan, int rows, List<String> notes)
      throws SQLException {
    List<TableChange> changes = new ArrayList<>();
    try (Session session = Session.scratch(file)) {
      session.attach(Workbench.COPY, file);
      session.attach(Workbench.STAGE, those.file());
      session.attach(Workbench.PLAN, plan);
      Schema before = SchemaReader.read(session, Workbench.COPY);
      Schema after = SchemaReader.read(session, Workbench.STAGE);
      for (Table table : after.tables()) {
        if (before.find(table.name()).isEmpty()) {
          notes.add("Table " + table.name() + " is not in the older one, and is not compared");
        }
      }
      for (Table table : before.tables()) {
        Optional<Table> other = after.find(table.name());
        if (other.isEmpty()) {
          notes.add("Table " + table.name() + " is not in the newer one, and is not compared");
        } else if (!table.definition().equals(other.get().definition())) {
          notes.add(
              "Table " + table.name() + " was changed meanwhile, and is not compared; ask again");
        } else {
          RowDiff diff = new RowDiff(table, changes.size());
          diff.compute(session);
          RowNames names = new RowNames(table.identity(), Optional.empty());
          changes.add(diff.counts(session).showing(RowSamples.of(session, diff, names, rows)));
        }
      }
    }
    return changes;
  }
}
