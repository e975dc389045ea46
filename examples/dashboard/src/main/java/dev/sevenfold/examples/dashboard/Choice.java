package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which of the three things a restore is to do, as ticked on a page. Immutable.
 *
 * @param create what is gone comes back
 * @param update what was changed is as it was
 * @param delete what is new goes
 */
record Choice(boolean create, boolean update, boolean delete) {

  static final Choice ALL = new Choice(true, true, true);

  /** As the fields of a form say; all, if it says none. */
  static Choice of(Predicate<String> isTicked) {
    Choice choice =
        new Choice(isTicked.test("create"), isTicked.test("update"), isTicked.test("delete"));
    return choice.changes().isEmpty() ? ALL : choice;
  }

  RestoreOptions options() {
    return RestoreOptions.DEFAULT.with(new Part(changes(), List.of(), Map.of(), false));
  }

  private Set<Change> changes() {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    if (create) {
      changes.add(Change.CREATE);
    }
    if (update) {
      changes.add(Change.UPDATE);
    }
    if (delete) {
      changes.add(Change.DELETE);
    }
    return changes;
  }

  /** For an address. */
  public String query() {
    return changes().stream()
        .map(change -> change.name().toLowerCase(Locale.ROOT) + "=yes")
        .collect(Collectors.joining("&"));
  }
}
