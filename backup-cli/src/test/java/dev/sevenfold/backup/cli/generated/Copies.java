package dev.sevenfold.backup.cli.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.cli.generated.Tab.Col;
import dev.sevenfold.backup.cli.generated.Tab.Kind;
import dev.sevenfold.backup.cli.generated.Tab.Means;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the copy of a tenant against the tenant: the same rows by value and type, but for ids that
 * lead to the copy's own rows as those of the tenant do to the tenant's, and values that are
 * unique.
 */
final class Copies {

  /** A row as it is in the database, and on which side it is. */
  private record Found(Tab tab, Map<String, @Nullable Object> values, boolean isCopy) {}

  private final App app;
  private final Map<Tab, Map<String, Found>> byKey = new HashMap<>();
  private final Map<Tab, List<Found>> all = new HashMap<>();

  private Copies(App app) {
    this.app = app;
  }

  static void compare(App app, Live live, int tenant, Map<String, List<String>> before)
      throws SQLException {
    Copies copies = new Copies(app);
    copies.read(live, before);
    for (Tab tab : app.tabs) {
      if (tab.isOwned()) {
        copies.compare(tab, tenant);
      }
    }
  }

  private void read(Live live, Map<String, List<String>> before) throws SQLException {
    for (Tab tab : app.tabs) {
      List<String> left = new ArrayList<>(before.getOrDefault(tab.name, List.of()));
      List<Found> found = new ArrayList<>();
      for (Map<String, @Nullable Object> values : live.rows(tab)) {
        StringBuilder typed = new StringBuilder();
        tab.cols.forEach(col -> typed.append(Live.typed(values.get(col.name))).append(" | "));
        boolean isCopy = !left.remove(typed.toString());
        Found row = new Found(tab, values, isCopy);
        found.add(row);
        tab.key()
            .ifPresent(
                key ->
                    byKey
                        .computeIfAbsent(tab, t -> new HashMap<>())
                        .put(text(values.get(key.name)), row));
      }
      assertThat(left).as("rows of %s that a copy of another tenant took away", tab.name).isEmpty();
      all.put(tab, found);
      if (!tab.isOwned()) {
        assertThat(found).as("%s, which is nobody's", tab.name).noneMatch(Found::isCopy);
      }
    }
  }

  /** As a reference finds it, be it a number or the text of one. */
  private static String text(@Nullable Object value) {
    return value instanceof String string ? string : Live.typed(value).replaceFirst("^int:", "");
  }

  private void compare(Tab tab, int tenant) {
    Set<String> keys = new HashSet<>();
    List<String> expected = new ArrayList<>();
    for (Tab.Row row : tab.of(tenant)) {
      expected.add(canonical(new Found(tab, row.values, false)));
      tab.cols.stream()
          .filter(col -> col.means == Means.UNIQUE)
          .forEach(col -> keys.add(String.valueOf(row.values.get(col.name))));
    }
    List<String> copied = new ArrayList<>();
    for (Found row : all.getOrDefault(tab, List.of())) {
      if (row.isCopy()) {
        copied.add(canonical(row));
        tab.cols.stream()
            .filter(col -> col.means == Means.UNIQUE)
            .forEach(
                col -> assertThat(keys).doesNotContain(String.valueOf(row.values().get(col.name))));
      }
    }
    assertThat(copied).as("the copy's %s", tab.name).containsExactlyInAnyOrderElementsOf(expected);
  }

  private String canonical(Found row) {
    StringBuilder text = new StringBuilder();
    for (Col col : row.tab().cols) {
      Object value = row.values().get(col.name);
      text.append(col.name).append('=');
      if (col.leads()) {
        text.append(led(row, col, value));
      } else if (col.means == Means.KEY) {
        text.append("a key");
      } else if (col.means == Means.UNIQUE) {
        text.append(value == null ? "null" : "something");
      } else {
        text.append(value instanceof String ? value : Live.typed(value));
      }
      text.append(' ');
    }
    return text.toString();
  }

  private String led(Found row, Col col, @Nullable Object value) {
    if (value == null || Live.typed(value).equals(Live.typed(col.nothing))) {
      return Live.typed(value);
    }
    Found to = null;
    for (Tab parent : col.parents) {
      boolean isIt =
          col.means == Means.REFERENCE
              || app.manner
                  .type(parent.noun)
                  .equals(
                      row.values().get(row.tab().cols.get(row.tab().cols.indexOf(col) - 1).name));
      Found found = byKey.getOrDefault(parent, Map.of()).get(text(value));
      to = isIt && found != null ? found : to;
    }
    if (to == null) {
      return "nowhere " + Live.typed(value);
    }
    if (to.tab().kind == Kind.SHARED) {
      return "everybody's " + Live.typed(value);
    }
    Optional<Object> title = Optional.ofNullable(to.values().get("title"));
    return to.tab().name
        + ' '
        + title.orElse("")
        + (to.isCopy() == row.isCopy() ? "" : " OF THE OTHER TENANT");
  }
}
