package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.rows.ReferenceProof.Evidence;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.UnmodelledReference;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns of owned tables whose values prove to be references, and that the model has not. A
 * copy of a tenant with new ids would keep them as they are: they would lead to the rows of the
 * tenant that it was copied from.
 */
public final class UnmodelledReferences {

  /** Says which columns are looked at, beside what the model knows of them. */
  public interface Wanted {
    /** Whether a column matters to who asks. */
    boolean test(Table table, String column) throws SQLException;
  }

  /** A number that people give, and no id: {@code order_number}. */
  private static final Pattern COUNTED = Pattern.compile("(?i).*(no|nr|number|code)");

  /** {@code note_id}, {@code noteUuid}, {@code assigned_to}; {@code object_id} in Django. */
  private static final Pattern ID = Pattern.compile("(?i)(.+?)(id|uuid|guid|key|to)");

  private static final Pattern OBJECT = Pattern.compile("(?i)(|.+_)object_(id|pk|uuid)");

  private static final int MOST_TYPES = 200;

  private static final double LIKELY = Math.log(0.01);

  private final Scope scope;
  private final ReferenceProof proof;
  private final DatabaseSchema names;

  private UnmodelledReferences(Scope scope, AllOwners owners) throws SQLException {
    this.scope = scope;
    this.proof = ReferenceProof.by(scope, owners);
    this.names = scope.schema().toSchema();
  }

  /**
   * Whether there is a column to be looked at: what is known of a model without reading any row.
   */
  public static boolean mayBeIn(LiveModel model, Wanted wanted) throws SQLException {
    for (OwnedTable owned : model.ownership().owned()) {
      Table table = model.schema().table(owned.name());
      if (!columns(model, owned, table, wanted).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Finds them in the rows of all tenants, the proven ones first. */
  public static List<UnmodelledReference> find(Scope scope, AllOwners owners, Wanted wanted)
      throws SQLException {
    Map<OwnedTable, List<String>> columns = new LinkedHashMap<>();
    for (OwnedTable owned : scope.ownership().owned()) {
      List<String> some = columns(scope.model(), owned, scope.table(owned), wanted);
      if (!some.isEmpty()) {
        columns.put(owned, some);
      }
    }
    List<UnmodelledReference> found = new ArrayList<>();
    if (!columns.isEmpty()) {
      UnmodelledReferences references = new UnmodelledReferences(scope, owners);
      for (Map.Entry<OwnedTable, List<String>> each : columns.entrySet()) {
        found.addAll(references.of(each.getKey(), each.getValue()));
      }
    }
    found.sort(Comparator.comparing(reference -> !reference.proven()));
    return List.copyOf(found);
  }

  private List<UnmodelledReference> of(OwnedTable owned, List<String> columns) throws SQLException {
    Table table = scope.table(owned);
    List<UnmodelledReference> found = new ArrayList<>();
    List<Evidence> all = proof.of(owned, columns);
    for (String column : columns) {
      List<UnmodelledReference> typed = typed(owned, table, column, typeColumn(table, column));
      if (typed.isEmpty()
          && all.stream().noneMatch(each -> each.column().equals(column) && isProven(each))) {
        typed = typed(owned, table, column, typeNumbers(table, column));
      }
      if (!typed.isEmpty()) {
        found.addAll(typed);
        continue;
      }
      boolean repeatsItsId = repeatsItsId(table, column);
      all.stream()
          .filter(evidence -> evidence.column().equals(column))
          .filter(evidence -> !repeatsItsId || named(evidence) >= ReferenceNames.CLEAR)
          .filter(evidence -> !isKnownTheOtherWay(evidence))
          .filter(evidence -> isProven(evidence) || isLikely(evidence))
          .max(
              Comparator.comparing(this::isProven)
                  .thenComparing(this::named)
                  .thenComparing(evidence -> -evidence.chance()))
          .ifPresent(best -> found.add(described(best, "", "", isProven(best))));
    }
    return found;
  }

  /** Whether the model says that what is pointed at points here: {@code profiles(user_id)}. */
  private boolean isKnownTheOtherWay(Evidence evidence) {
    return scope.ownership().references().stream()
        .filter(reference -> reference.child().equalsIgnoreCase(evidence.parent()))
        .map(Edge::of)
        .anyMatch(
            edge ->
                edge.parent().equalsIgnoreCase(evidence.child())
                    && edge.columns().equals(List.of(evidence.parentColumn()))
                    && edge.parentColumns().equals(List.of(evidence.column())));
  }

  /** What a column points at by the type that another says: {@code note_id, note_type}. */
  private List<UnmodelledReference> typed(
      OwnedTable owned, Table table, String column, Optional<String> typeColumn)
      throws SQLException {
    List<UnmodelledReference> found = new ArrayList<>();
    if (typeColumn.isPresent()) {
      String type = "t." + Sql.name(typeColumn.get());
      String text = "CAST(" + type + " AS TEXT)";
      List<String> types =
          scope
              .session()
              .texts(
                  Sql.of(
                      """
                      SELECT DISTINCT {text} FROM {live} t
                      WHERE {type} <> '' AND t."{id}" IS NOT NULL ORDER BY 1 LIMIT {most}
                      """,
                      text,
                      scope.live(table.name()),
                      type,
                      column,
                      "0 + " + MOST_TYPES));
      List<List<Evidence>> all =
          proof.of(
              owned, column, types.stream().map(each -> text + " = " + Sql.text(each)).toList());
      for (int i = 0; i < types.size(); i++) {
        String each = types.get(i);
        all.get(i).stream()
            .filter(evidence -> isTyped(evidence, each) || evidence.isNoChance())
            .max(Comparator.comparing(evidence -> fitsType(evidence, each)))
            .ifPresent(
                best ->
                    found.add(
                        described(
                            best,
                            typeColumn.get(),
                            each,
                            best.isProven(fitsType(best, each) > 0))));
      }
    }
    return found;
  }

  /** The column that says what the ids of another are of, by their names. */
  private static Optional<String> typeColumn(Table table, String column) {
    List<String> names = new ArrayList<>(List.of(column + "_type"));
    Matcher id = ID.matcher(column);
    if (id.matches()) {
      names.addAll(List.of(id.group(1) + "type", id.group(1) + "class"));
    }
    Matcher object = OBJECT.matcher(column);
    if (object.matches()) {
      names.add(object.group(1) + "content_type_id");
    }
    return stored(table, names);
  }

  /** A column of numbers beside it that may say so: {@code scope_type_id}. */
  private static Optional<String> typeNumbers(Table table, String column) {
    Matcher id = ID.matcher(column);
    return id.matches() ? stored(table, List.of(id.group(1) + "type_id")) : Optional.empty();
  }

  private static Optional<String> stored(Table table, List<String> names) {
    return names.stream()
        .flatMap(name -> table.stored().stream().filter(name::equalsIgnoreCase))
        .findFirst();
  }

  private boolean isTyped(Evidence evidence, String type) {
    return fitsType(evidence, type) > 0 && 2 * evidence.own() > evidence.values();
  }

  private int fitsType(Evidence evidence, String type) {
    return ReferenceNames.fitsType(type, names.table(evidence.parent()).orElseThrow());
  }

  /** Whether each row has its own key there: a number that follows it, whatever else has it too. */
  private boolean repeatsItsId(Table table, String column) throws SQLException {
    return table.hasIntegerPrimaryKey()
        && !scope
            .session()
            .exists(
                Sql.of(
                    "SELECT 1 FROM {live} t WHERE t.\"{column}\" <> t.\"{key}\"",
                    scope.live(table.name()),
                    column,
                    table.key()));
  }

  private static UnmodelledReference described(
      Evidence evidence, String typeColumn, String type, boolean proven) {
    return new UnmodelledReference(
        evidence.child(),
        evidence.column(),
        typeColumn,
        type,
        evidence.parent(),
        evidence.parentColumn(),
        evidence.distinct(),
        evidence.values(),
        evidence.found(),
        evidence.own(),
        proven);
  }

  private boolean isProven(Evidence evidence) {
    return evidence.isProven(named(evidence) >= ReferenceNames.CLEAR);
  }

  /** Named like a reference, or hardly by chance, and most of its values find a tenant's row. */
  private boolean isLikely(Evidence evidence) {
    return 2 * evidence.own() > evidence.values()
        && (named(evidence) > 0 || (evidence.isWithoutException() && evidence.chance() < LIKELY));
  }

  private int named(Evidence evidence) {
    if (COUNTED.matcher(evidence.column()).matches()
        && !COUNTED.matcher(evidence.parentColumn()).matches()) {
      return 0;
    }
    return ReferenceNames.fits(
        names.table(evidence.child()).orElseThrow(),
        evidence.column(),
        names.table(evidence.parent()).orElseThrow());
  }

  /** Whether a table has the key of another as its own: {@code profiles(user_id)}. */
  private static boolean isNamedLikeAnother(LiveModel model, Table table) {
    String key = table.key().get(0);
    DatabaseSchema.Table child = table.toSchema();
    return ReferenceNames.fits(child, key, child) < ReferenceNames.CLEAR
        && model.ownership().owned().stream()
            .filter(parent -> !parent.name().equals(table.name()))
            .anyMatch(
                parent -> ReferenceNames.fits(child, key, parent.table()) >= ReferenceNames.CLEAR);
  }

  /** The columns of which the model says nothing. */
  private static List<String> columns(LiveModel model, OwnedTable owned, Table table, Wanted wanted)
      throws SQLException {
    Ownership ownership = model.ownership();
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(ownership.notReferences(table.name()));
    owned.byKey().map(Claim.ByKey::column).ifPresent(known::add);
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.child().equalsIgnoreCase(table.name())) {
        Edge edge = Edge.of(reference);
        known.addAll(edge.columns());
        known.add(edge.typeColumn());
      }
    }
    ownership.rules().rewriters().stream()
        .filter(rule -> rule.table().equalsIgnoreCase(table.name()))
        .forEach(rule -> known.add(rule.column()));
    ownership.rules().resets().stream()
        .filter(rule -> rule.table().equalsIgnoreCase(table.name()))
        .forEach(rule -> known.add(rule.column()));
    if (table.hasIntegerPrimaryKey() && !isNamedLikeAnother(model, table)) {
      known.addAll(table.key());
    }
    List<String> columns = new ArrayList<>();
    for (String column : table.stored()) {
      if (!known.contains(column) && wanted.test(table, column)) {
        columns.add(column);
      }
    }
    return columns;
  }
}
