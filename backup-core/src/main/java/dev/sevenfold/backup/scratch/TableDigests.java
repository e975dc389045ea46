package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.archive.ContentDigest;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Counts and digests the rows of a table, each value by its type. */
public final class TableDigests {

  /**
   * The rows of one table.
   *
   * @param rows how many
   * @param digest their content digest
   */
  public record Digest(long rows, String digest) {}

  private TableDigests() {}

  /** Reads the whole table of an attached schema. */
  public static Digest of(Session session, String schema, Table table) throws SQLException {
    return of(
        session,
        "SELECT " + Sql.columns(table.stored()) + " FROM " + Sql.name(schema, table.name()));
  }

  /** Reads all rows that a query selects. */
  public static Digest of(Session session, String select) throws SQLException {
    ContentDigest digest = new ContentDigest();
    long[] rows = {0};
    session.forEach(
        select,
        row -> {
          int columns = row.getMetaData().getColumnCount();
          for (int i = 1; i <= columns; i++) {
            add(digest, row, i);
          }
          digest.endRow();
          rows[0]++;
        });
    return new Digest(rows[0], digest.hex());
  }

  private static void add(ContentDigest digest, ResultSet row, int column) throws SQLException {
    @Nullable Object value = row.getObject(column);
    if (value == null) {
      digest.nullValue();
    } else if (value instanceof Long || value instanceof Integer) {
      digest.integer(((Number) value).longValue());
    } else if (value instanceof Double real) {
      digest.real(real);
    } else if (value instanceof byte[] blob) {
      digest.blob(blob);
    } else {
      // The bytes as they are stored: a text may hold NUL, or what is not UTF-8 at all.
      digest.text(row.getBytes(column));
    }
  }
}
