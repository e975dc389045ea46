package dev.sevenfold.backup.cli.generated;

import dev.sevenfold.backup.cli.generated.Tab.Col;
import dev.sevenfold.backup.cli.generated.Tab.Kind;
import dev.sevenfold.backup.cli.generated.Tab.Means;
import dev.sevenfold.backup.cli.generated.Tab.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What an application does to rows of one tenant, and people who regret it. */
final class Vandal {

  private final App app;
  private final Random random;
  private final int tenant;
  private final Map<Row, List<Row>> leading = new HashMap<>();
  private final Set<Row> doomed = new LinkedHashSet<>();
  private final List<Row> without = new ArrayList<>();
  private final List<Row> with = new ArrayList<>();

  private Vandal(App app, int tenant) {
    this.app = app;
    this.random = app.random;
    this.tenant = tenant;
    for (Tab tab : app.tabs) {
      for (Row row : tab.rows) {
        row.leads
            .values()
            .forEach(to -> leading.computeIfAbsent(to, r -> new ArrayList<>()).add(row));
      }
    }
  }

  /** Deletes, changes and adds rows of a tenant. */
  static void run(App app, Live live, int tenant) throws SQLException {
    Vandal vandal = new Vandal(app, tenant);
    vandal.delete();
    vandal.change();
    live.change(vandal.without, vandal.with);
  }

  /** Takes away all rows of a tenant, and what of others' depends on them. */
  static void deleteTenant(App app, Live live, int tenant) throws SQLException {
    List<Row> rows = new ArrayList<>();
    app.tabs.stream().filter(Tab::isOwned).forEach(tab -> rows.addAll(tab.of(tenant)));
    live.change(rows, List.of());
  }

  private void delete() {
    for (Tab tab : app.tabs) {
      List<Row> own = tab.of(tenant);
      if (tab.kind == Kind.OWNED && tab != app.users && !own.isEmpty() && random.nextInt(3) == 0) {
        doom(own.get(random.nextInt(own.size())));
      }
    }
    without.addAll(doomed);
  }

  /** A row goes, and so does what is nothing without it. */
  private void doom(Row row) {
    if (!doomed.add(row)) {
      return;
    }
    for (Row below : leading.getOrDefault(row, List.of())) {
      if (below.tab.isOwned() && below.tab.kind != Kind.ROOT) {
        doom(below);
      }
    }
    row.leads.forEach(
        (col, to) -> {
          if (to.tab.namedBy.contains(col)) {
            doom(to);
          }
        });
  }

  private void change() {
    for (Tab tab : app.tabs) {
      List<Row> own = tab.of(tenant).stream().filter(row -> !doomed.contains(row)).toList();
      if (tab.isOwned() && !own.isEmpty() && random.nextInt(3) == 0) {
        Row row = own.get(random.nextInt(own.size()));
        changed(row);
        if (tab.namedBy.isEmpty()
            && tab.key().filter(key -> key.means == Means.KEY).isPresent()
            && tab.kind == Kind.OWNED) {
          added(row);
        }
      }
    }
  }

  private void changed(Row row) {
    Row now = new Row(row.tab, tenant);
    now.values.putAll(row.values);
    boolean any = false;
    for (Col col : row.tab.cols) {
      if (col.means == Means.PLAIN && random.nextInt(2) == 0) {
        now.values.put(col.name, "changed");
        any = true;
      }
    }
    if (any) {
      without.add(row);
      with.add(now);
    }
  }

  private void added(Row like) {
    Row now = new Row(like.tab, tenant);
    now.values.putAll(like.values);
    for (Col col : like.tab.cols) {
      if (col.means == Means.KEY) {
        now.values.put(
            col.name,
            col.type.equals("INTEGER") ? (Object) 900_000L : app.manner.newKey(random, 900_000));
      } else if (col.means == Means.UNIQUE) {
        now.values.put(col.name, "new " + random.nextInt());
      }
    }
    with.add(now);
  }
}
