package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which columns of a table may be a type and an id by it, and the types that occur. */
final class PairColumns {

  private static final List<String> TYPES = List.of("type", "class", "kind", "model");

  private final Look look;

  /** The columns of a type and of an id. */
  record Columns(String type, String id) {}

  /** A type that occurs, and how the class is called where that is another one: Django's number. */
  record Type(String value, String name) {}

  PairColumns(Look look) {
    this.look = look;
  }

  /** Those that the model says nothing of. */
  List<Columns> of(Table table) throws SQLException {
    List<String> open = look.open(table);
    List<Columns> pairs = new ArrayList<>();
    for (Table.Column type : table.columns()) {
      for (String id : ids(table, type.name(), open)) {
        pairs.add(new Columns(type.name(), id));
      }
    }
    return pairs;
  }

  /** The id columns that a type is of: those named as it is. */
  private List<String> ids(Table table, String type, List<String> open) throws SQLException {
    String lower = type.toLowerCase(Locale.ROOT);
    if (contentType(table, type).isPresent()) {
      return objects(table, type).stream().filter(open::contains).toList();
    }
    if (!open.contains(type)
        || table.foreignKeys().stream().anyMatch(key -> key.columns().contains(type))) {
      return List.of();
    }
    return TYPES.stream()
        .filter(lower::endsWith)
        .map(ending -> lower.substring(0, lower.length() - ending.length()))
        .filter(stem -> !stem.isEmpty())
        .flatMap(
            stem ->
                open.stream().filter(each -> !each.equals(type)).filter(each -> isOf(stem, each)))
        .toList();
  }

  /** {@code note_id} of {@code note_type}; also {@code assigned_to}, and {@code owner}. */
  private static boolean isOf(String stem, String column) {
    String lower = column.toLowerCase(Locale.ROOT);
    return lower.startsWith(stem)
        ? ReferenceNames.isEnded(column) || lower.endsWith("_ids") || lower.equals(stem + "to")
        : stem.equals(lower + '_');
  }

  /** Django keeps the names of types in a table, and numbers in all others. */
  private Optional<Table> contentType(Table table, String column) throws SQLException {
    Optional<Table> types =
        look.schema
            .find("django_content_type")
            .filter(names -> names.columns().stream().anyMatch(c -> c.name().equals("model")))
            .filter(names -> !names.name().equals(table.name()));
    String lower = column.toLowerCase(Locale.ROOT);
    if (types.isEmpty() || lower.endsWith("content_type_id")) {
      return types.filter(names -> lower.endsWith("content_type_id"));
    }
    // scope_type_id, scope_id; but the type of an issue is a row of issue_types.
    boolean likely =
        lower.endsWith("_type_id")
            && !objects(table, column).isEmpty()
            && isNamedBest(table, column, types.get());
    if (!likely) {
      return Optional.empty();
    }
    Look.Found found = look.found(table, column, types.get(), "id");
    return types.filter(names -> found.values() > 0 && found.isAll());
  }

  private boolean isNamedBest(Table table, String column, Table types) {
    int fits = ReferenceNames.fits(table.toSchema(), column, types.toSchema());
    return look.schema.tables().stream()
        .allMatch(each -> ReferenceNames.fits(table.toSchema(), column, each.toSchema()) <= fits);
  }

  /** What a column of Django's numbers of types is of: {@code object_id}, {@code scope_id}. */
  private static List<String> objects(Table table, String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    boolean content = lower.endsWith("content_type_id");
    String stem =
        lower.substring(0, lower.length() - (content ? "content_type_id" : "type_id").length());
    List<String> names =
        content
            ? List.of(stem + "object_id", stem + "object_pk", stem + "object_uuid", stem + "id")
            : List.of(stem + "id");
    List<String> own = columns(table, names);
    boolean alone =
        own.isEmpty() && content && columns(table, List.of("content_type_id")).isEmpty();
    return alone ? columns(table, List.of("object_id")) : own;
  }

  private static List<String> columns(Table table, List<String> names) {
    return table.stored().stream()
        .filter(each -> !table.primaryKey().equals(List.of(each)))
        .filter(each -> names.contains(each.toLowerCase(Locale.ROOT)))
        .toList();
  }

  /** The types that occur beside ids, and one more than are many. */
  List<Type> types(Table table, String column, String id) throws SQLException {
    String rows =
        Sql.of(
            """
            SELECT DISTINCT CAST(t."{type}" AS TEXT) AS v FROM {table} t
            WHERE t."{type}" IS NOT NULL AND t."{id}" IS NOT NULL
            ORDER BY 1 LIMIT {most}
            """,
            column,
            look.live(table),
            id,
            "0 + " + (Pairs.MOST_TYPES + 1));
    Optional<Table> names = contentType(table, column);
    if (names.isEmpty()) {
      return look.session.query(rows, row -> new Type(row.getString(1), row.getString(1)));
    }
    return look.session.query(
        Sql.of(
            "SELECT v, n.app_label || '.' || n.model FROM ({rows}) JOIN {names} n ON n.id = v",
            rows,
            look.live(names.get())),
        row -> new Type(row.getString(1), row.getString(2)));
  }
}
