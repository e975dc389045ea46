package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import dev.sevenfold.backup.stage.RowNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first rows of a difference, as a person reads them. */
public final class RowSamples {

  /** The columns of a row's key and display value, before its own. */
  private static final int NAMES = 2;

  private final Session session;
  private final RowDiff diff;
  private final List<String> columns;
  private final RowNames names;
  private final int most;

  private RowSamples(Session session, RowDiff diff, RowNames names, int most) {
    this.session = session;
    this.diff = diff;
    this.columns = diff.table().stored();
    this.names = names;
    this.most = most;
  }

  /** Up to {@code most} rows, the deleted ones first. */
  public static List<RowChange> of(Session session, RowDiff diff, RowNames names, int most)
      throws SQLException {
    List<RowChange> rows = new ArrayList<>();
    if (most > 0) {
      RowSamples samples = new RowSamples(session, diff, names, most);
      rows.addAll(samples.rows(RowChange.Kind.DELETED, diff.deletes(), true, false));
      rows.addAll(samples.rows(RowChange.Kind.UPDATED, diff.updates(), true, true));
      rows.addAll(samples.rows(RowChange.Kind.INSERTED, diff.inserts(), false, true));
    }
    return rows.subList(0, Math.min(most, rows.size()));
  }

  /** The first rows of a set, as they are before, after the restore, or both. */
  private List<RowChange> rows(RowChange.Kind kind, String set, boolean before, boolean after)
      throws SQLException {
    String row = before ? "b" : "s";
    List<String> texts = new ArrayList<>(List.of(names.key(row), display(before, after)));
    String from = set + " k";
    if (before) {
      texts.add(texts("b"));
      from += " CROSS JOIN " + diff.beforeRows("k");
    }
    if (after) {
      texts.add(texts("s"));
      from += " CROSS JOIN " + diff.stageRows("k");
    }
    return session.query(
        "SELECT " + String.join(", ", texts) + " FROM " + from + " LIMIT " + most,
        found ->
            new RowChange(
                kind,
                Optional.ofNullable(found.getString(1)),
                Optional.ofNullable(found.getString(2)),
                columns,
                before ? values(found, NAMES) : List.of(),
                after ? values(found, NAMES + (before ? columns.size() : 0)) : List.of()));
  }

  /** As it is now, and where that says nothing, as it comes back. */
  private String display(boolean before, boolean after) {
    return before && after
        ? "coalesce(" + names.display("b") + ", " + names.display("s") + ')'
        : names.display(before ? "b" : "s");
  }

  private String texts(String alias) {
    return Sql.commas(columns, column -> RowNames.shown(alias + '.' + Sql.name(column)));
  }

  private List<@Nullable String> values(ResultSet row, int offset) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      values.add(row.getString(offset + i));
    }
    return values;
  }
}
