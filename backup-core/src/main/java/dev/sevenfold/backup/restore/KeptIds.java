package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.UnmodelledReferences;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.UnmodelledReference;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ids that restored rows keep while the rows that have them get new ones, as the model does not
 * say that they are references: they would lead to the rows of the tenant that was copied.
 * Immutable.
 *
 * @param conflicts those that prove to be references
 * @param notes those that are likely to be
 */
record KeptIds(List<String> conflicts, List<String> notes) {

  static final KeptIds NONE = new KeptIds(List.of(), List.of());

  /**
   * Looks for them in the rows of all tenants.
   *
   * @param staged the tables of rows that come back
   * @param renewed the columns that have new ids
   */
  static KeptIds find(Snapshot live, List<Table> staged, Set<Ownership.Column> renewed)
      throws SQLException {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    staged.forEach(table -> names.add(table.name()));
    UnmodelledReferences.Wanted hasValues =
        (table, column) ->
            names.contains(table.name())
                && live.workbench()
                    .exists(
                        Sql.of(
                            "SELECT 1 FROM {staged} s WHERE s.\"{column}\" IS NOT NULL",
                            Sql.name(Workbench.STAGE, table.name()),
                            column));
    if (renewed.isEmpty() || !UnmodelledReferences.mayBeIn(live.model(), hasValues)) {
      return NONE;
    }
    // Where whoever writes would wait for all of it, the rows may be of several instants.
    boolean isOurs = !live.isHeld() && !live.stopsWriters();
    if (isOurs) {
      live.begin();
    }
    List<UnmodelledReference> found =
        UnmodelledReferences.find(AllOwners.scope(live), AllOwners.find(live), hasValues);
    if (isOurs) {
      live.end();
    }
    List<String> conflicts = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (UnmodelledReference reference : found) {
      if (renewed.contains(new Ownership.Column(reference.parent(), reference.parentColumn()))) {
        String settledBy = "; say in the model " + reference.settledBy();
        if (reference.proven()) {
          conflicts.add(
              reference
                  + ", and not in the model: the copy would lead to the rows that it is of"
                  + settledBy);
        } else {
          notes.add("Likely a reference, which is kept as it is: " + reference + settledBy);
        }
      }
    }
    return new KeptIds(List.copyOf(conflicts), List.copyOf(notes));
  }
}
