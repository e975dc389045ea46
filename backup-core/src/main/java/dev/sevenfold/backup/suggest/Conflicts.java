package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tables whose rows lead to two tenants by several ways. Asks about the one where they part, and
 * not about those below it, which follow from it.
 */
final class Conflicts {

  private final Look look;
  private final Draft draft;

  Conflicts(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  boolean run() throws SQLException {
    Set<String> doubtful = new HashSet<>();
    List<OwnershipCheck.TableRows> found = new ArrayList<>();
    for (Table table : look.tables(look::isOwned)) {
      if (look.owned(table).claims().size() > 1) {
        OwnershipCheck.TableRows rows = look.owners.count(look.owned(table), false);
        if (rows.findings().stream().anyMatch(OwnershipCheck.Finding::doubtful)) {
          doubtful.add(table.name());
          found.add(rows);
        }
      }
    }
    int before = draft.size();
    for (OwnershipCheck.TableRows rows : found) {
      OwnedTable owned = look.owned(look.schema.table(rows.table()));
      if (owned.claims().stream().noneMatch(claim -> leadsTo(claim, doubtful, owned.name()))) {
        ask(owned, rows);
      }
    }
    return draft.size() > before;
  }

  private static boolean leadsTo(Claim claim, Set<String> doubtful, String itself) {
    String parent =
        claim instanceof Claim.ByReference reference
            ? reference.parent()
            : claim instanceof Claim.ByType type ? type.parent() : itself;
    return !parent.equals(itself) && doubtful.contains(parent);
  }

  private void ask(OwnedTable owned, OwnershipCheck.TableRows rows) throws SQLException {
    Table table = look.schema.table(owned.name());
    OwnershipCheck.Finding first =
        rows.findings().stream().filter(OwnershipCheck.Finding::doubtful).findFirst().orElseThrow();
    String what =
        "%s rows of %s lead to several tenants, by %s: %s"
            .formatted(
                Evidence.number(rows.several()),
                owned.name(),
                String.join(" and ", owned.claims().stream().map(Claim::toString).toList()),
                Evidence.some(first.samples(), rows.several()));
    Optional<String> deciding =
        Deciding.isDecided(draft, table) ? Optional.empty() : Deciding.column(look, table);
    deciding.ifPresent(
        column ->
            draft.add(
                new Proposal.Through(owned.name(), column),
                "decides, for rows lead to several tenants"));
    draft.ask(
        what + deciding.map(by -> ". Is it " + by + " that decides?").orElse(". Whose are they?"));
  }
}
