package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.naming.NearestNames;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables and columns that a part names, found in the schema. Use once, from one thread. */
final class PartNames {

  private final LiveModel model;
  private final List<Table> staged;
  private final Set<String> whole = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Set<String>> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> unknown = new ArrayList<>();
  private final boolean all;

  /**
   * Finds them.
   *
   * @param staged the tables that the archive has
   * @throws RestoreRefused if one is not there
   */
  PartNames(LiveModel model, List<Table> staged, Part part) {
    this.model = model;
    this.staged = staged;
    this.all = part.only().isEmpty();
    part.only().forEach(this::choose);
    part.rows().keySet().forEach(this::table);
    if (!unknown.isEmpty()) {
      throw new RestoreRefused(
          "The part to restore names what cannot be restored",
          unknown,
          "Nothing was changed; name tables that are the tenant's, as "
              + names()
              + ", and columns"
              + " of them as table.column");
    }
  }

  private String names() {
    return String.join(", ", staged.stream().map(Table::name).toList());
  }

  boolean chosen(Table table) {
    return all || whole.contains(table.name()) || columns.containsKey(table.name());
  }

  /** The columns that were chosen of a table; empty if all of it was. */
  List<String> columns(Table table) {
    return whole.contains(table.name())
        ? List.of()
        : List.copyOf(columns.getOrDefault(table.name(), Set.of()));
  }

  /** The names of tables may have dots, too. */
  private void choose(String name) {
    Optional<Table> table = find(name);
    if (table.isPresent()) {
      whole.add(table.get().name());
      return;
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      Optional<Table> of = find(name.substring(0, dot));
      if (of.isPresent()) {
        chooseColumn(of.get(), name.substring(dot + 1));
        return;
      }
    }
    table(name.contains(".") ? name.substring(0, name.indexOf('.')) : name);
  }

  private void chooseColumn(Table table, String name) {
    List<String> spelled = table.spelled(List.of(name));
    if (spelled.isEmpty()) {
      List<String> all = table.columns().stream().map(Table.Column::name).toList();
      unknown.add("table " + table.name() + " has no column " + name + near(name, all));
    } else if (!table.stored().contains(spelled.get(0))) {
      unknown.add("column " + table.name() + '.' + spelled.get(0) + " is computed from others");
    } else if (table.identity().isEmpty()) {
      unknown.add(
          "table "
              + table.name()
              + " has no key that says which row is which, so that none of its rows can be"
              + " updated: choose all of it");
    } else if (table.identity().contains(spelled.get(0))) {
      unknown.add(
          "column "
              + table.name()
              + '.'
              + spelled.get(0)
              + " is of the key that says which row is which, and is the same in both");
    } else {
      columns.computeIfAbsent(table.name(), any -> new LinkedHashSet<>()).add(spelled.get(0));
    }
  }

  private Optional<Table> find(String name) {
    return staged.stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
  }

  /** Notes a table that is not to be had, and why. */
  private void table(String name) {
    if (find(name).isPresent()) {
      return;
    }
    if (model.ownership().owned(name).isPresent()) {
      unknown.add("table " + name + " is newer than the archive, which has no rows of it");
    } else if (model.schema().find(name).isPresent()) {
      unknown.add("table " + name + " is shared or ignored, and no restore writes it");
    } else {
      unknown.add(
          "there is no table " + name + near(name, staged.stream().map(Table::name).toList()));
    }
  }

  static String near(String name, List<String> names) {
    NearestNames nearest = new NearestNames(name);
    names.forEach(nearest::look);
    return near(nearest);
  }

  static String near(NearestNames nearest) {
    return nearest.found().isEmpty()
        ? ""
        : "; nearest to it: " + String.join(", ", nearest.found());
  }
}
