package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first rows of a difference, as a person reads them. */
public final class RowSamples {

  private static final int LONGEST = 200;

  private final Session session;
  private final RowDiff diff;
  private final List<String> columns;
  private final int most;

  private RowSamples(Session session, RowDiff diff, int most) {
    this.session = session;
    this.diff = diff;
    this.columns = diff.table().stored();
    this.most = most;
  }

  /** Up to {@code most} rows, the deleted ones first. */
  public static List<RowChange> of(Session session, RowDiff diff, int most) throws SQLException {
    List<RowChange> rows = new ArrayList<>();
    if (most > 0) {
      RowSamples samples = new RowSamples(session, diff, most);
      rows.addAll(samples.rows(RowChange.Kind.DELETED, diff.deletes(), true, false));
      rows.addAll(samples.rows(RowChange.Kind.UPDATED, diff.updates(), true, true));
      rows.addAll(samples.rows(RowChange.Kind.INSERTED, diff.inserts(), false, true));
    }
    return rows.subList(0, Math.min(most, rows.size()));
  }

  /** The first rows of a set, as they are before, after the restore, or both. */
  private List<RowChange> rows(RowChange.Kind kind, String set, boolean before, boolean after)
      throws SQLException {
    List<String> texts = new ArrayList<>();
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
        row ->
            new RowChange(
                kind,
                columns,
                before ? values(row, 0) : List.of(),
                after ? values(row, before ? columns.size() : 0) : List.of()));
  }

  /** Blobs are shown by their length; long texts by their beginning. */
  private String texts(String alias) {
    return Sql.commas(columns, column -> text(alias + '.' + Sql.name(column)));
  }

  static String text(String value) {
    return Sql.of(
        """
        CASE typeof({value}) WHEN 'blob' THEN length({value}) || ' bytes'
          ELSE substr(CAST({value} AS TEXT), 1, {longest}) END
        """,
        value,
        LONGEST);
  }

  private List<@Nullable String> values(ResultSet row, int offset) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      values.add(row.getString(offset + i));
    }
    return values;
  }
}
