package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.sql.SQLException;

/** Rows of owned tables that would be in no archive. */
final class Nobodys {

  private static final String NO_TENANT = " names no tenant";

  private Nobodys() {}

  /** Asks about the causes; about what follows from others' only if nothing else is the cause. */
  static void ask(Look look, Draft draft) throws SQLException {
    if (!ask(look, draft, true)) {
      ask(look, draft, false);
    }
  }

  private static boolean ask(Look look, Draft draft, boolean causes) throws SQLException {
    boolean any = false;
    for (OwnedTable owned : look.ownership.owned()) {
      if (draft.given().allowsNobodys(owned.name())) {
        continue;
      }
      OwnershipCheck.TableRows rows = look.owners.count(owned, false);
      for (OwnershipCheck.Finding finding : rows.findings()) {
        if (rows.nobodys() > 0 && isNobodys(finding) && isCause(finding) == causes) {
          any = true;
          if (finding.why().endsWith(NO_TENANT)
              && SharedValues.ask(look, draft, owned) == finding.rows()) {
            continue;
          }
          draft.ask(
              "%s rows of %s are in no backup, for %s: %s. Mend them, or allow nobody's rows there"
                  .formatted(
                      Evidence.number(finding.rows()),
                      owned.name(),
                      finding.why(),
                      Evidence.some(finding.samples(), finding.rows())));
        }
      }
    }
    return any;
  }

  private static boolean isNobodys(OwnershipCheck.Finding finding) {
    return finding.kind() == OwnershipCheck.Finding.Kind.NOBODYS;
  }

  private static boolean isCause(OwnershipCheck.Finding finding) {
    return !finding.why().endsWith("where the row is nobody's itself");
  }
}
