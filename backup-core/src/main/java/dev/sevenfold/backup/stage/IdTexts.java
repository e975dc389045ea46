package dev.sevenfold.backup.stage;

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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lets the host's rewriters replace ids inside texts of staged rows. */
final class IdTexts {

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
    Map<List<Object>, String> texts = new HashMap<>();
    session.forEach(
        Sql.of(
            "SELECT {key}, {column} FROM {staged} WHERE typeof({column}) = 'text'",
            Sql.columns(table.key()),
            column,
            staged),
        row ->
            texts.put(
                RowKeys.values(row, table.key().size()), row.getString(table.key().size() + 1)));
    for (Map.Entry<List<Object>, String> text : texts.entrySet()) {
      String rewritten = rewritten(rewriter, text.getKey(), text.getValue(), ids);
      if (!rewritten.equals(text.getValue())) {
        List<Object> values = new ArrayList<>(List.of(rewritten));
        values.addAll(text.getKey());
        session.update(
            Sql.of(
                "UPDATE OR ABORT {staged} AS t SET {column} = ? WHERE {key is bound}",
                staged,
                column,
                RowKeys.keyIs("t", table)),
            values.toArray());
      }
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
      throw new RestoreRefused(
          "The ids in " + rewriter.table() + '.' + rewriter.column() + " cannot be rewritten",
          List.of("the row with the key " + key + " in the archive: " + e.getMessage()),
          "Correct the rewriter of the model, or the text in the live row, and back up again",
          e);
    }
  }

  /** Arrays are compared by identity; ids that are blobs by their content. */
  private static Object comparable(Object id) {
    Object value = TenantKey.value(id);
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }
}
