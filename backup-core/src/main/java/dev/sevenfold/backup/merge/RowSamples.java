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
      rows.addAll(samples.deleted());
      rows.addAll(samples.updated());
      rows.addAll(samples.inserted());
    }
    return rows.subList(0, Math.min(most, rows.size()));
  }

  private List<RowChange> deleted() throws SQLException {
    return session.query(
        Sql.of(
            "SELECT {texts} FROM {deletes} k CROSS JOIN {rows before} LIMIT {most}",
            texts("b"),
            diff.deletes(),
            diff.beforeRows("k"),
            most),
        row -> new RowChange(RowChange.Kind.DELETED, columns, values(row, 0), List.of()));
  }

  private List<RowChange> updated() throws SQLException {
    return session.query(
        Sql.of(
            """
            SELECT {before}, {after} FROM {updates} k
            CROSS JOIN {rows before} CROSS JOIN {rows after} LIMIT {most}
            """,
            texts("b"),
            texts("s"),
            diff.updates(),
            diff.beforeRows("k"),
            diff.stageRows("k"),
            most),
        row ->
            new RowChange(
                RowChange.Kind.UPDATED, columns, values(row, 0), values(row, columns.size())));
  }

  private List<RowChange> inserted() throws SQLException {
    return session.query(
        Sql.of(
            "SELECT {texts} FROM {inserts} k CROSS JOIN {rows after} LIMIT {most}",
            texts("s"),
            diff.inserts(),
            diff.stageRows("k"),
            most),
        row -> new RowChange(RowChange.Kind.INSERTED, columns, List.of(), values(row, 0)));
  }

  /** Blobs are shown by their length; long texts by their beginning. */
  private String texts(String alias) {
    return Sql.commas(
        columns,
        column ->
            Sql.of(
                """
                CASE typeof({value}) WHEN 'blob' THEN length({value}) || ' bytes'
                  ELSE substr(CAST({value} AS TEXT), 1, {longest}) END
                """,
                alias + '.' + Sql.name(column),
                LONGEST));
  }

  private List<@Nullable String> values(ResultSet row, int offset) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      values.add(row.getString(offset + i));
    }
    return values;
  }
}
