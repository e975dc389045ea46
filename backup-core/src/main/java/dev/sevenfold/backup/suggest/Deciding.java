package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of several ways of a table decides whose a row is. */
final class Deciding {

  private Deciding() {}

  /** Whether the draft says it. */
  static boolean isDecided(Draft draft, Table table) {
    return draft.proposals().stream()
        .anyMatch(
            each ->
                each instanceof Proposal.Through through && through.table().equals(table.name()));
  }

  /** The column that should: one that is never null, and is named best for what it points at. */
  static Optional<String> column(Look look, Table table) {
    List<Claim> claims = look.owned(table).claims();
    if (claims.stream().anyMatch(claim -> claim instanceof Claim.ReferencedBy)) {
      return Optional.empty();
    }
    return claims.stream()
        .filter(claim -> claim instanceof Claim.ByReference || claim instanceof Claim.ByType)
        .max(
            Comparator.comparing((Claim claim) -> table.column(pointing(claim)).required())
                .thenComparing(claim -> fits(look, table, claim)))
        .map(Deciding::pointing);
  }

  private static String pointing(Claim claim) {
    List<String> columns = Look.columns(claim);
    return columns.get(columns.size() - 1);
  }

  private static int fits(Look look, Table table, Claim claim) {
    return claim instanceof Claim.ByReference reference
        ? look.fits(table, pointing(claim), look.schema.table(reference.parent()))
        : 0;
  }
}
