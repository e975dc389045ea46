package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.stage.IdOrigins;
import dev.sevenfold.backup.stage.TextIds;
import dev.sevenfold.backup.tenant.FileSet;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Gives staged rows that become another tenant's new file names, so that both have files of their
 * own: as the host's model says; and where it says nothing, and one text is all that a path is made
 * of, by a new text in the manner of the old one. Use from one thread.
 */
public final class FileKeys {

  private static final int MOST_ATTEMPTS = 1_000;

  /** Makes the next value of a column, or leaves it as it is. */
  @FunctionalInterface
  private interface NewName {
    Optional<String> of(List<Object> row) throws SQLException;
  }

  private final LiveRows live;
  private final Session session;
  private final FileSets sets;
  private final Ownership ownership;
  private final IdOrigins origins;
  private final TextIds texts = new TextIds();
  private final Set<String> made = new HashSet<>();

  /** From a column and what it was to its new value: rows that name one file go on to do so. */
  private final Map<List<String>, String> renewed = new HashMap<>();

  private final List<String> notes = new ArrayList<>();

  public FileKeys(LiveRows live, FileSets sets) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.sets = sets;
    this.ownership = live.model().ownership();
    this.origins = new IdOrigins(ownership, live.model().schema());
  }

  /** Gives the staged rows their new names. */
  public void renew(List<RowDiff> diffs) throws SQLException {
    for (RowDiff diff : diffs) {
      Table table = diff.table();
      for (Map.Entry<String, NewName> column : columnsOf(table).entrySet()) {
        for (List<Object> row : keys(table)) {
          renew(table, column.getKey(), column.getValue(), row);
        }
      }
    }
  }

  /** What was given new names without the model saying so. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  private Map<String, NewName> columnsOf(Table table) {
    Map<String, NewName> columns = new LinkedHashMap<>();
    for (RestoreRules.ColumnRule<Supplier<String>> key : ownership.rules().fileKeys()) {
      // One that other rows refer to has its new value by now, and so have they.
      if (key.table().equals(table.name()) && !origins.holdsIds(table, key.column())) {
        columns.put(key.column(), row -> Optional.of(key.with().get()));
      }
    }
    for (String name : sets.names()) {
      FileSet set = sets.set(name);
      if (set.table().equalsIgnoreCase(table.name()) && !set.shared()) {
        List<String> path = table.spelled(set.path().columns());
        boolean says = path.stream().anyMatch(columns::containsKey);
        if (path.size() == 1 && !says && !origins.holdsIds(table, path.get(0))) {
          String column = path.get(0);
          columns.put(column, row -> alike(table, column, row));
          notes.add(
              "Rows of table %s get another %s, so that both tenants have files of their own"
                  .formatted(table.name(), column));
        }
      }
    }
    return columns;
  }

  /** A name that no row has. */
  private Optional<String> alike(Table table, String column, List<Object> row) throws SQLException {
    Optional<String> old = text(table, column, row);
    if (old.isEmpty()) {
      return old;
    }
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      String name = alike(old.get(), attempt);
      if (!isTaken(table, column, name) && made.add(table.name() + '.' + column + '=' + name)) {
        return Optional.of(name);
      }
    }
    throw new RestoreRefused(
        "No free name was found for the file " + old.get() + " of table " + table.name(),
        List.of(MOST_ATTEMPTS + " names were tried"),
        "Say in the model how " + column + " gets a new value (newFileKeys)");
  }

  /** What comes after the last dot says what kind of file it is. */
  private String alike(String old, int attempt) {
    int dot = old.lastIndexOf('.');
    boolean hasEnding = dot > old.lastIndexOf('/') + 1 && old.length() - dot <= 10;
    return hasEnding
        ? texts.replace(old.substring(0, dot), attempt) + old.substring(dot)
        : texts.replace(old, attempt);
  }

  private boolean isTaken(Table table, String column, String name) throws SQLException {
    live.bring(List.of(Question.holding(table, List.of(column), "SELECT " + Sql.text(name))));
    return session.exists(
        Sql.of("SELECT 1 FROM {live} WHERE \"{column}\" = ?", live.table(table.name()), column),
        name);
  }

  private Optional<String> text(Table table, String column, List<Object> row) throws SQLException {
    return session
        .query(
            Sql.of(
                """
                SELECT t."{column}" FROM {staged} t
                WHERE typeof(t."{column}") = 'text' AND {key is bound}
                """,
                column,
                Sql.name(Workbench.STAGE, table.name()),
                RowKeys.keyIs("t", table)),
            found -> found.getString(1),
            row.toArray())
        .stream()
        .findFirst();
  }

  private List<List<Object>> keys(Table table) throws SQLException {
    return session.query(
        "SELECT " + Sql.columns(table.key()) + " FROM " + Sql.name(Workbench.STAGE, table.name()),
        row -> RowKeys.values(row, table.key().size()));
  }

  private void renew(Table table, String column, NewName name, List<Object> row)
      throws SQLException {
    Optional<String> old = text(table, column, row);
    Optional<String> same = old.map(text -> renewed.get(List.of(table.name(), column, text)));
    Optional<String> value = same.isPresent() ? same : name.of(row);
    if (value.isEmpty()) {
      return;
    }
    old.ifPresent(text -> renewed.put(List.of(table.name(), column, text), value.get()));
    List<Object> values = new ArrayList<>(List.of(value.get()));
    values.addAll(row);
    session.update(
        Sql.of(
            "UPDATE OR ABORT {staged} AS t SET \"{column}\" = ? WHERE {key is bound}",
            Sql.name(Workbench.STAGE, table.name()),
            column,
            RowKeys.keyIs("t", table)),
        values.toArray());
  }
}
