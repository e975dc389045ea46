package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.rows.PossibleRows.Pair;
import dev.sevenfold.backup.rows.Reasons.Reason;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows whose polymorphic type stands for no table that the model knows. Nobody can follow them, so
 * that a backup would leave them out in silence: it is refused, if they could be its tenant's. A
 * row that has a tenant's key in its column is this tenant's, wherever the pair leads, and comes
 * along. In the way of a restore they never are: it only has to know what is the tenant's for sure.
 */
public final class UnknownTypes {

  static final String ADVICE = "Declare the table of each type among the targets";

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private final PossibleRows possible;

  private UnknownTypes(LiveRows live) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
    this.possible = new PossibleRows(live);
  }

  /**
   * What there is of such rows, whosever they are.
   *
   * @return sentences for each table that has some
   */
  public static Map<String, List<String>> all(LiveRows live) throws SQLException {
    UnknownTypes types = new UnknownTypes(live);
    live.bring(types.pairs().stream().map(Pair::question).toList());
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Pair pair : types.pairs()) {
      String rows = live.table(pair.table().name()) + " t WHERE " + pair.isUnknown("t");
      List<String> sentences = all.computeIfAbsent(pair.table().name(), table -> new ArrayList<>());
      types.describe(pair, rows, "stands for no table that the model knows", sentences);
    }
    return all;
  }

  /** A condition: the type of the row under {@code alias} is none of those that are known. */
  static String isUnknown(String typeColumn, List<Claim.ByType> types, String alias) {
    // What has no id points nowhere, whatever its type.
    List<String> ids =
        types.stream()
            .map(type -> alias + '.' + Sql.name(type.idColumn()) + " IS NOT NULL")
            .distinct()
            .toList();
    return "(%1$s IS NOT NULL AND %1$s NOT IN (%2$s) AND (%3$s))"
        .formatted(
            alias + '.' + Sql.name(typeColumn),
            Sql.commas(types, type -> Sql.text(type.type())),
            String.join(" OR ", ids));
  }

  private List<Pair> pairs() {
    Map<String, Pair> pairs = new LinkedHashMap<>();
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByType type) {
        pairs
            .computeIfAbsent(
                reference.child() + '\0' + type.typeColumn(),
                key ->
                    new Pair(
                        ownership.owned(reference.child()).orElseThrow(),
                        schema.table(reference.child()),
                        type.typeColumn(),
                        new ArrayList<>()))
            .types()
            .add(type);
      }
    }
    return List.copyOf(pairs.values());
  }

  /**
   * Refuses a backup that may lack rows, and warns of the others.
   *
   * @param restoring whether the copy is of what a restore replaces: then all is a warning
   * @throws BackupRefused if a row of an unknown type is the tenant's, or could be, and no column
   *     says so
   */
  static List<String> requireKnown(LiveRows live, Copy copied, boolean restoring)
      throws SQLException {
    return new UnknownTypes(live).requireKnown(copied.key(), restoring);
  }

  private List<String> requireKnown(TenantKey key, boolean restoring) throws SQLException {
    live.bring(pairs().stream().map(Pair::question).toList());
    List<String> unknown = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Pair pair : pairs()) {
      Table table = pair.table();
      Optional<Claim.ByKey> decides = decides(pair);
      String every = live.table(table.name()) + " t WHERE " + pair.isUnknown("t");
      String all = every + " AND " + pair.isUndecided(decides, "t");
      if (decides.isPresent()) {
        describe(
            pair,
            "%s AND NOT (%s) AND %s"
                .formatted(every, pair.isUndecided(decides, "t"), Copied.has(table, "t")),
            "stands for no table; they come along, as tenant %s's by their column %s, and what they point at is not known"
                .formatted(key.tenant(), decides.get().column()),
            warnings);
      }
      if (session.exists("SELECT 1 FROM " + all)) {
        String isTenants = possible.of(pair, key, all);
        describe(pair, all + " AND " + isTenants, "stands for no table", unknown);
        describe(
            pair,
            all + " AND NOT " + isTenants,
            "stands for no table; they are left out, as nothing says that they are tenant "
                + key.tenant()
                + "'s",
            warnings);
      }
    }
    if (restoring) {
      unknown.forEach(
          what -> warnings.add(what + ", and may be the tenant's: a backup is refused"));
    } else if (!unknown.isEmpty()) {
      throw new BackupRefused(
          "The tenant model does not know every polymorphic type", unknown, ADVICE);
    }
    return warnings;
  }

  /** The column that says all there is to say of a row, whatever its type; none if others do. */
  private Optional<Claim.ByKey> decides(Pair pair) {
    return isDelegated(pair) ? Optional.empty() : pair.owned().byKey();
  }

  /**
   * Whether rows are a tenant's because the pair points at them: then it matters where it leads.
   */
  private boolean isDelegated(Pair pair) {
    return ownership.owned().stream()
        .flatMap(owned -> owned.claims().stream())
        .anyMatch(
            claim ->
                claim instanceof Claim.ReferencedBy by
                    && by.child().equalsIgnoreCase(pair.table().name())
                    && by.reference() instanceof Claim.ByType type
                    && type.typeColumn().equals(pair.typeColumn()));
  }

  private void describe(Pair pair, String rows, String what, List<String> sentences)
      throws SQLException {
    String type = Sql.name(pair.typeColumn());
    session.forEach(
        "SELECT CAST(t." + type + " AS TEXT), count(*) FROM " + rows + " GROUP BY 1",
        row ->
            sentences.add(
                "%s.%s has the type '%s' in %s rows, which %s"
                    .formatted(
                        pair.table().name(),
                        pair.typeColumn(),
                        row.getString(1),
                        row.getLong(2),
                        what)));
  }

  /**
   * Why rows stop the backup of some tenant: they are of a type that the model does not know, and
   * the tenant's, or could be. For each table.
   */
  static Map<String, List<Reason>> stopping(LiveRows live, AllOwners owners) throws SQLException {
    UnknownTypes types = new UnknownTypes(live);
    Map<String, List<Reason>> stopping = new TreeMap<>();
    live.bring(types.pairs().stream().map(Pair::question).toList());
    for (Pair pair : types.pairs()) {
      String table = pair.table().name();
      String untold = pair.isUnknown("t") + " AND " + pair.isUndecided(types.decides(pair), "t");
      String all = live.table(table) + " t WHERE " + untold;
      List<String> ofTypes = types.possible.typesOf(pair, all);
      if (!ofTypes.isEmpty()) {
        String condition = untold + " AND " + types.possible.ofAny(pair, owners, all);
        String why =
            "%s has a type that the model does not know: %s"
                .formatted(pair.typeColumn(), String.join(", ", ofTypes));
        stopping
            .computeIfAbsent(table, name -> new ArrayList<>())
            .add(new Reason(why, '(' + condition + ')', Kind.DOUBTFUL));
      }
    }
    return stopping;
  }

  /**
   * Says which rows that a restore would write are of types that nobody can follow.
   *
   * @param written for each table, the rows as {@code t}, for what follows {@code FROM}
   * @param newIds whether rows get new ids: then a pair that nobody can follow keeps the id of the
   *     row that it pointed at, which is another tenant's, or another row
   * @param safety whether they are what a restore replaced, garbage and all
   * @param notes is told of rows that are in nobody's way: a column says whose they are
   */
  public static List<String> among(
      LiveRows live,
      Map<String, String> written,
      boolean newIds,
      boolean safety,
      List<String> notes)
      throws SQLException {
    return new UnknownTypes(live).among(written, newIds, safety, notes);
  }

  private List<String> among(
      Map<String, String> written, boolean newIds, boolean safety, List<String> notes)
      throws SQLException {
    List<String> unknown = new ArrayList<>();
    for (Pair pair : pairs()) {
      String rows = written.get(pair.table().name());
      if (rows != null) {
        String all = rows + " WHERE " + pair.isUnknown("t") + " AND ";
        String undecided = '(' + pair.isUndecided(decides(pair), "t") + ')';
        describe(
            pair,
            all + undecided,
            safety && !newIds
                ? "stands for no table; they come back as they were, and a backup is refused"
                : "stands for no table now: a backup could not follow them. "
                    + pair.advice()
                    + ", or bring the archive to the types of today with an ArchiveMigration",
            safety && !newIds ? notes : unknown);
        describe(
            pair,
            all + "NOT " + undecided,
            newIds
                ? "stands for no table: where ids change, they would still point at the rows of before. "
                    + pair.advice()
                : "stands for no table; they come back as they were",
            newIds ? unknown : notes);
      }
    }
    return unknown;
  }
}
