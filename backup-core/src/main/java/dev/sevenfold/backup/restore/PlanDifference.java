package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.FileChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where what would be written now differs from what was shown, for people. Immutable.
 *
 * @param plan what would be done now
 * @param shown the identity of what was shown
 * @param now that of what would be done now
 */
record PlanDifference(RestorePlan plan, PlanDigest shown, PlanDigest now) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Set<String> tables = new TreeSet<>(now.tables().keySet());
    tables.addAll(shown.tables().keySet());
    for (String table : tables) {
      if (!Objects.equals(shown.tables().get(table), now.tables().get(table))) {
        lines.add(table + ": " + rows(table));
      }
    }
    FileChange files = plan.files();
    // Nothing else is part of the identity.
    if (lines.isEmpty() || (shown.tables().isEmpty() && files.written() + files.removed() > 0)) {
      lines.add("files: %d written, %d removed".formatted(files.written(), files.removed()));
    }
    return lines;
  }

  /** Of another owner's table that an action reaches there is no more to say than that. */
  private String rows(String table) {
    if (!now.tables().containsKey(table)) {
      return "nothing would be written to it any more";
    }
    return plan.tables().stream()
        .filter(change -> change.table().equals(table))
        .findFirst()
        .map(PlanDifference::counts)
        .orElse("other rows would be reached by what its references declare");
  }

  private static String counts(TableChange change) {
    return "%d inserted, %d updated, %d deleted"
        .formatted(change.inserted(), change.updated(), change.deleted());
  }
}
