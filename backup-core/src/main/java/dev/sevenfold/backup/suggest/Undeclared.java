package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.rows.ReferenceProof;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** References of owned tables that nobody declared, proved by the rows of all tenants. */
final class Undeclared {

  /** Of so many tenants the own key is no coincidence. */
  private static final int FEW = 3;

  /** So many values have to differ, where some are others'. */
  private static final int ENOUGH = 20;

  /** As a logarithm: less probable than that one of all columns fits one of all tables. */
  private static final double HARDLY = Math.log(1e-9);

  private final Look look;
  private final Draft draft;

  /** A column with what it may point at, how well it is named for it, and what the rows say. */
  private record Candidate(ReferenceProof.Evidence rows, int fits, boolean ofTenants) {
    boolean isProven() {
      return rows.isProven(fits > 0) || (ofTenants && isOwnKey()) || isHardlyChance();
    }

    /** Whether so few values suffice, for the column is one of ids. */
    private boolean isHardlyChance() {
      return rows.isWithoutException()
          && rows.distinct() > FEW
          && rows.chance() <= HARDLY
          && ReferenceNames.isEnded(rows.column());
    }

    /** Whether each row has the key of the very tenant that it is of, whatever that is called. */
    private boolean isOwnKey() {
      return rows.isWithoutException()
          && rows.distinct() >= FEW
          && ReferenceNames.isEnded(rows.column());
    }

    /** Whether so many are the own tenants' that it is no chance, though others are not. */
    boolean isMostlyOwn() {
      double own = rows.chance() * rows.own() / rows.values() + rows.values() * Math.log(2);
      return 10 * rows.found() >= 9 * rows.values()
          && 2 * rows.own() >= rows.found()
          && rows.distinct() >= ENOUGH
          && own <= HARDLY
          && ReferenceNames.isEnded(rows.column());
    }

    boolean isClear() {
      return fits >= ReferenceNames.CLEAR;
    }

    boolean isCrossing() {
      return rows.own() < rows.found();
    }

    /** Whether it is named so, and most rows agree. */
    boolean isLikely() {
      return fits > 0
          && 2 * rows.found() >= rows.values()
          && 2 * rows.own() >= (fits >= ReferenceNames.CLEAR ? rows.found() : rows.values());
    }
  }

  Undeclared(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  boolean run() throws SQLException {
    int before = draft.size();
    ReferenceProof proof = ReferenceProof.by(look.scope, look.owners);
    for (Table table : look.tables(look::isOwned)) {
      List<String> columns = look.open(table);
      if (!columns.isEmpty()) {
        List<ReferenceProof.Evidence> evidence = proof.of(look.owned(table), columns);
        for (String column : columns) {
          column(table, column, evidence);
        }
      }
    }
    return draft.size() > before;
  }

  private void column(Table table, String column, List<ReferenceProof.Evidence> evidence)
      throws SQLException {
    if (look.isTyped(table, column)) {
      return;
    }
    List<Candidate> candidates =
        evidence.stream()
            .filter(each -> each.column().equalsIgnoreCase(column))
            .map(each -> candidate(table, each))
            .filter(each -> each.isProven() || each.isLikely() || each.isMostlyOwn())
            .sorted(
                Comparator.comparing(Candidate::isProven)
                    .thenComparing(Candidate::isClear)
                    .thenComparing(Candidate::ofTenants)
                    .thenComparing(Candidate::fits)
                    .thenComparing(each -> each.rows().own())
                    .thenComparing(each -> isKey(each.rows()))
                    .reversed())
            .toList();
    int shared = look.namedForOthers(table, column);
    if (candidates.isEmpty()) {
      byName(table, column, shared);
      return;
    }
    Candidate best = candidates.get(0);
    if (best.fits() < shared && (shared >= ReferenceNames.CLEAR || !best.isProven())) {
      return;
    }
    boolean crossing = best.isCrossing() && isOthers(table, best.rows());
    if (crossing && !decide(table, best)) {
      return;
    }
    add(table, best.rows(), evidence(best, crossing) + others(candidates));
  }

  private Candidate candidate(Table table, ReferenceProof.Evidence rows) {
    Table parent = look.schema.table(rows.parent());
    boolean ofTenants =
        parent.name().equals(look.ownership.root().name())
            && rows.parentColumn().equals(look.ownership.keyColumn());
    return new Candidate(rows, look.fits(table, rows.column(), parent), ofTenants);
  }

  private boolean isKey(ReferenceProof.Evidence rows) {
    return Look.key(look.schema.table(rows.parent())).equals(Optional.of(rows.parentColumn()));
  }

  private boolean isOthers(Table table, ReferenceProof.Evidence rows) throws SQLException {
    Table parent = look.schema.table(rows.parent());
    return isOthers(table, rows.column(), parent, rows.parentColumn());
  }

  private String evidence(Candidate candidate, boolean crossing) {
    ReferenceProof.Evidence rows = candidate.rows();
    String found = Evidence.found(rows.found(), rows.values());
    if (crossing) {
      return "%s, %s of them in the row's own tenant".formatted(found, Evidence.number(rows.own()));
    }
    if (look.tenants < 2) {
      return found + "; there is one tenant alone, so that the name decides";
    }
    return found
        + (rows.own() == rows.values()
            ? ", all in the row's own tenant"
            : ", none of these in another tenant than the row");
  }

  /** Says where the rows would allow another table too. */
  private String others(List<Candidate> candidates) {
    List<String> equal =
        candidates.stream()
            .skip(1)
            .filter(each -> each.fits() == candidates.get(0).fits() && each.isProven())
            .filter(each -> !candidates.get(0).ofTenants())
            .map(each -> each.rows().parent())
            .filter(parent -> !parent.equals(candidates.get(0).rows().parent()))
            .distinct()
            .toList();
    if (equal.isEmpty()) {
      return "";
    }
    ReferenceProof.Evidence best = candidates.get(0).rows();
    draft.ask(
        "%s.%s leads to %s, or to %s? The rows fit all of them, and the names none"
            .formatted(best.child(), best.column(), best.parent(), String.join(" or ", equal)));
    return "; so would be " + String.join(", ", equal);
  }

  private void add(Table table, ReferenceProof.Evidence rows, String evidence) {
    draft.add(
        new Proposal.Reference(table.name(), rows.column(), rows.parent(), rows.parentColumn()),
        evidence);
  }

  /**
   * A reference that leads to other tenants' rows too must not say whose a row is: what has said so
   * up to now decides.
   *
   * @return whether that can be said
   */
  private boolean decide(Table table, Candidate candidate) {
    ReferenceProof.Evidence rows = candidate.rows();
    draft.ask(
        "%s.%s leads to other tenants' rows of %s with %s of %s values: is that as it should be?"
            .formatted(
                table.name(),
                rows.column(),
                rows.parent(),
                Evidence.number(rows.found() - rows.own()),
                Evidence.number(rows.found())));
    OwnedTable owned = look.owned(table);
    if (owned.byKey().filter(key -> table.column(key.column()).required()).isPresent()
        || Deciding.isDecided(draft, table)) {
      return true;
    }
    Optional<String> deciding = Deciding.column(look, table);
    deciding.ifPresent(
        column ->
            draft.add(
                new Proposal.Through(table.name(), column),
                "decides, for " + rows.column() + " leads to other tenants too"));
    return deciding.isPresent()
        || owned.claims().stream().allMatch(claim -> claim instanceof Claim.ByKey);
  }

  /** Where no rows tell: those that have values are nobody's, or there are none. */
  private void byName(Table table, String column, int shared) throws SQLException {
    Table parent =
        look.tables(look::isOwned).stream()
            .max(Comparator.comparing(each -> look.fits(table, column, each)))
            .orElseThrow();
    int fits = look.fits(table, column, parent);
    Optional<String> key = Look.key(parent, column);
    boolean itself = parent.name().equals(table.name()) && key.equals(Optional.of(column));
    if (fits < ReferenceNames.CLEAR || fits <= shared || key.isEmpty() || itself) {
      return;
    }
    Found found = look.found(table, column, parent, key.get());
    if (found.values() == 0 && Look.isAlike(table, column, parent, key.get())) {
      propose(table, column, parent, key.get(), "no values to look at: the name alone says so");
    } else if (found.values() > 0
        && found.isMost()
        && !isOthers(table, column, parent, key.get())) {
      propose(
          table,
          column,
          parent,
          key.get(),
          Evidence.found(found.found(), found.values())
              + ", none of these in another tenant than the row");
    }
  }

  private void propose(Table table, String column, Table parent, String key, String evidence) {
    draft.add(new Proposal.Reference(table.name(), column, parent.name(), key), evidence);
  }

  /** Whether a row leads to one that is another tenant's; also where values are of rows gone. */
  private boolean isOthers(Table table, String column, Table parent, String key)
      throws SQLException {
    return look.session.exists(
        Sql.of(
            """
            SELECT 1 FROM {rows} CROSS JOIN {parent} p ON {leads}
            WHERE EXISTS ({tenants}) AND w.o NOT IN ({tenants})
            """,
            look.owners.rowsWithTenants(look.owned(table), "t", "w"),
            look.live(parent),
            parent.isPointedAt(table, "t", List.of(column), "p", List.of(key)),
            look.owners.tenantsOf(look.owned(parent), "p")));
  }
}
