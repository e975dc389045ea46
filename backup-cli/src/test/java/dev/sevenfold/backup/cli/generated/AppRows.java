package dev.sevenfold.backup.cli.generated;

import dev.sevenfold.backup.cli.generated.Tab.Col;
import dev.sevenfold.backup.cli.generated.Tab.Kind;
import dev.sevenfold.backup.cli.generated.Tab.Means;
import dev.sevenfold.backup.cli.generated.Tab.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills an application with rows of several tenants. Not thread-safe. */
final class AppRows {

  private final App app;
  private final Random random;
  private final int tenants;
  private final int most;
  private final Map<Tab, Long> last = new HashMap<>();

  private AppRows(App app, int tenants, int most) {
    this.app = app;
    this.random = app.random;
    this.tenants = tenants;
    this.most = most;
  }

  /** Rows of so many tenants, most of which have up to {@code most} in a table. */
  static void fill(App app, int tenants, int most) {
    AppRows rows = new AppRows(app, tenants, most);
    for (Tab tab : app.tabs) {
      if (!app.empty.contains(tab)) {
        rows.fill(tab);
      }
    }
    rows.owners();
  }

  private void fill(Tab tab) {
    List<Integer> owners = new ArrayList<>();
    if (tab.kind == Kind.ROOT) {
      for (int i = 0; i < tenants; i++) {
        owners.add(i);
      }
    } else if (tab.kind != Kind.OWNED) {
      int count = tab.kind == Kind.SHARED ? 3 + random.nextInt(20) : 30;
      owners.addAll(Collections.nCopies(count, Row.NOBODY));
    } else if (names(tab).size() == 1 && tab.primary.size() == 1) {
      names(tab).get(0).parents.forEach(half -> half.rows.forEach(row -> owners.add(row.owner)));
    } else {
      for (int i = 0; i < tenants; i++) {
        int few = Math.max(2, most / 2);
        owners.addAll(Collections.nCopies(few + random.nextInt(most - few + 1), i));
      }
    }
    if (names(tab).isEmpty()) {
      Collections.shuffle(owners, random);
    }
    owners.forEach(owner -> row(tab, owner));
  }

  /** The columns of a table that make rows of others somebody's: each of these is named once. */
  private List<Col> names(Tab tab) {
    return tab.cols.stream()
        .filter(col -> app.tabs.stream().anyMatch(each -> each.namedBy.contains(col)))
        .toList();
  }

  private void row(Tab tab, int owner) {
    Row row = new Row(tab, owner);
    List<Object> identity = new ArrayList<>();
    long number = last.merge(tab, 1L, Long::sum);
    String type = "";
    for (Col col : tab.cols) {
      Object value = null;
      if (col.means == Means.KEY) {
        value = col.type.equals("INTEGER") ? (Object) number : app.manner.newKey(random, number);
      } else if (col.leads()) {
        Row to = target(row, col, (int) number - 1);
        if (to != null) {
          row.leads.put(col, to);
          value = Objects.requireNonNull(to.key());
          value = col.type.equals("TEXT") && value instanceof Long ? value.toString() : value;
          type = col.means == Means.TYPED ? app.manner.type(to.tab.noun) : type;
        } else if (col.always) {
          return;
        } else {
          value = col.dangling && random.nextInt(8) == 0 ? nowhere() : col.nothing;
        }
      } else {
        value = plain(tab, col, number);
      }
      row.values.put(col.name, value);
      if (tab.primary.contains(col.name)) {
        identity.add(
            value instanceof byte[] bytes
                ? List.of(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
                : Objects.requireNonNull(value));
      }
    }
    for (Col col : tab.cols) {
      if (col.means == Means.TYPE) {
        row.values.put(col.name, type);
      }
    }
    if (identity.isEmpty() || used.computeIfAbsent(tab, t -> new HashSet<>()).add(identity)) {
      tab.rows.add(row);
    }
  }

  private final Map<Tab, Set<List<Object>>> used = new HashMap<>();

  private Object nowhere() {
    return app.manner.newKey(random, 100_000 + random.nextInt(1000));
  }

  /** The row that one of a tenant leads to. */
  private @Nullable Row target(Row row, Col col, int place) {
    Tab parent = col.parents.get(random.nextInt(col.parents.size()));
    if (parent.kind == Kind.ROOT) {
      return !col.always
              && random.nextInt(10) == 0
              && row.tab.cols.stream()
                  .anyMatch(other -> other.always && other != col && other.leads())
          ? null
          : parent.of(row.owner).get(0);
    }
    if (!col.always && random.nextInt(10) < 3) {
      return null;
    }
    if (parent.kind == Kind.SHARED) {
      // Each tenant begins anew, so that rows are named by all of them.
      int own = (int) row.tab.rows.stream().filter(each -> each.owner == row.owner).count();
      return parent.rows.isEmpty() ? null : parent.rows.get(own % parent.rows.size());
    }
    if (names(row.tab).contains(col)) {
      List<Row> all = col.parents.stream().flatMap(half -> half.rows.stream()).toList();
      return all.get(place);
    }
    List<Row> own = row.owner == Row.NOBODY ? parent.rows : parent.of(row.owner);
    boolean isKey = row.tab.primary.equals(List.of(col.name));
    if (own.isEmpty()) {
      return null;
    }
    return own.get(
        isKey
            ? (int) row.tab.rows.stream().filter(each -> each.owner == row.owner).count()
                % own.size()
            : random.nextInt(own.size()));
  }

  private @Nullable Object plain(Tab tab, Col col, long number) {
    return switch (col.name.toLowerCase(Locale.ROOT)) {
      case "title" -> tab.name + ' ' + number;
      case "email" -> "u" + number + "@example.org";
      case "position" -> 1L + random.nextInt(12);
      case "year" -> 2000L + random.nextInt(30);
      case "amount" -> random.nextInt(8) == 0 ? null : random.nextInt(100_000) / 100.0;
      case "notes" -> random.nextBoolean() ? null : "it's \"so\" ü " + random.nextInt(9);
      case "settings" -> mixed();
      default ->
          col.name.toLowerCase(Locale.ROOT).endsWith("token")
              ? String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong())
              : col.means == Means.UNIQUE ? "s" + number + "-" + random.nextInt(100) : "v" + number;
    };
  }

  private @Nullable Object mixed() {
    return switch (random.nextInt(7)) {
      case 0 -> Long.MAX_VALUE - random.nextInt(5);
      case 1 -> -0.0;
      case 2 -> new byte[] {0, (byte) random.nextInt(256), (byte) 255};
      case 3 -> "{\"a\":" + random.nextInt(20) + '}';
      case 4 -> (long) random.nextInt(20);
      case 5 -> "";
      default -> null;
    };
  }

  /** Tenants come before their users, and their owners are among these. */
  private void owners() {
    for (Col col : app.root.cols) {
      if (col.means == Means.REFERENCE) {
        for (Row row : app.root.rows) {
          List<Row> own = col.parent().of(row.owner);
          if (col.parent().kind == Kind.OWNED && !own.isEmpty()) {
            Row to = own.get(random.nextInt(own.size()));
            row.leads.put(col, to);
            row.values.put(col.name, to.key());
          }
        }
      }
    }
  }
}
