package dev.sevenfold.backup.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lets the host's rewriters replace ids inside texts of staged rows. */
final class IdTexts {

  /** A blob is asked as a text first: JSON in UTF-8 might be JSON in SQLite's form by chance. */
  private static final String IS_BINARY_JSON =
      "(typeof(?) = 'blob' AND NOT json_valid(CAST(? AS TEXT)) AND json_valid(?, 8))";

  private final Session session;
  private final Ownership ownership;
  private final Map<String, Table> tables;
  private final NewIds newIds;

  IdTexts(Session session, Ownership ownership, Map<String, Table> tables, NewIds newIds) {
    this.session = session;
    this.ownership = ownership;
    this.tables = tables;
    this.newIds = newIds;
  }

  void rewrite() throws SQLException {
    if (ownership.rules().rewriters().isEmpty() || newIds.maps().isEmpty()) {
      return;
    }
    Map<String, Map<Object, Object>> ids = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<IdOrigins.Origin, String> map : newIds.maps().entrySet()) {
      Map<Object, Object> of = ids.computeIfAbsent(map.getKey().table(), t -> new HashMap<>());
      session.forEach(
          "SELECT old, new FROM " + map.getValue(),
          row -> of.put(comparable(row.getObject(1)), TenantKey.value(row.getObject(2))));
    }
    for (RestoreRules.ColumnRule<IdRewriter> rewriter : ownership.rules().rewriters()) {
      Table table = tables.get(rewriter.table());
      if (table != null) {
        rewrite(table, rewriter, ids);
      }
    }
  }

  private void rewrite(
      Table table,
      RestoreRules.ColumnRule<IdRewriter> rewriter,
      Map<String, Map<Object, Object>> ids)
      throws SQLException {
    String column = Sql.name(rewriter.column());
    String staged = Sql.name(Workbench.STAGE, table.name());
    List<Held> texts =
        session.query(
            Sql.of(
                """
                SELECT {key}, typeof({column}), CAST({column} AS BLOB), CASE
                  WHEN typeof({column}) = 'text' THEN {column}
                  WHEN {is binary} THEN json({column}) END, {is binary}
                FROM {staged} WHERE typeof({column}) IN ('text', 'blob')
                """,
                Sql.columns(table.key()),
                column,
                IS_BINARY_JSON.replace("?", column),
                staged),
            row -> held(row, table.key().size()));
    for (Held text : texts) {
      String old = text.read(rewriter);
      String rewritten = rewritten(rewriter, text.key(), old, ids);
      if (!rewritten.equals(old)) {
        List<Object> values = new ArrayList<>(List.of(text.toBind(rewritten)));
        values.addAll(text.key());
        session.update(
            Sql.of(
                "UPDATE OR ABORT {staged} AS t SET {column} = {value} WHERE {key is bound}",
                staged,
                column,
                text.binaryJson() ? "jsonb(?)" : " ?",
                RowKeys.keyIs("t", table)),
            values.toArray());
      }
    }
  }

  private static Held held(ResultSet row, int keys) throws SQLException {
    return new Held(
        RowKeys.values(row, keys),
        row.getString(keys + 1).equals("blob"),
        ByteBuffer.wrap(row.getBytes(keys + 2)),
        row.getString(keys + 3),
        row.getBoolean(keys + 4));
  }

  /**
   * The value of a row.
   *
   * @param text what it says; null where only its bytes know
   * @param binaryJson whether it is JSON in SQLite's own form
   */
  private record Held(
      List<Object> key, boolean blob, ByteBuffer bytes, @Nullable String text, boolean binaryJson) {

    String read(RestoreRules.ColumnRule<IdRewriter> rewriter) {
      if (text != null) {
        return text;
      }
      try {
        return UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      } catch (CharacterCodingException e) {
        throw unreadable(rewriter, key, e);
      }
    }

    /** A text, as it is held. */
    Object toBind(String rewritten) {
      return blob && !binaryJson ? rewritten.getBytes(UTF_8) : rewritten;
    }
  }

  // A rewriter may throw whatever it likes: it is the host's code.
  @SuppressWarnings("IllegalCatch")
  private static String rewritten(
      RestoreRules.ColumnRule<IdRewriter> rewriter,
      List<Object> key,
      String text,
      Map<String, Map<Object, Object>> ids) {
    try {
      return rewriter
          .with()
          .rewrite(
              text, (of, id) -> ids.getOrDefault(of, Map.of()).getOrDefault(comparable(id), id));
    } catch (RuntimeException e) {
      throw unreadable(rewriter, key, e);
    }
  }

  private static RestoreRefused unreadable(
      RestoreRules.ColumnRule<IdRewriter> rewriter, List<Object> key, Exception e) {
    return new RestoreRefused(
        "The ids in " + rewriter.table() + '.' + rewriter.column() + " cannot be rewritten",
        List.of("the row with the key " + key + " in the archive: " + e.getMessage()),
        "Correct the rewriter of the model, or the text in the live row, and back up again",
        e);
  }

  /** Arrays are compared by identity; ids that are blobs by their content. */
  private static Object comparable(Object id) {
    Object value = TenantKey.value(id);
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }
}
