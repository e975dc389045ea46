package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schemas, histories and parts, against a model of what a part is that works row by row. All
 * follows from the seed.
 */
class RandomPartTest {

  private static final int PARTS = 8;
  private static final String NONE = "~";

  /** A reference to another table's id; one that is required is never null. */
  private record Ref(String column, int parent, boolean required, String onDelete) {}

  private record Kind(
      String name, String idType, boolean withoutRowid, boolean keyed, List<Ref> refs) {
    boolean below(Ref ref) {
      int claims = refs.size() + (keyed ? 1 : 0);
      return !ref.onDelete().equals("SET NULL") || claims == 1;
    }
  }

  /** The rows of one tenant: for each table, from the id to the values by their columns. */
  private static final class State {
    final List<Map<String, Map<String, String>>> tables = new ArrayList<>();

    Map<String, Map<String, String>> of(int table) {
      return tables.get(table);
    }

    State copy() {
      State copy = new State();
      tables.forEach(rows -> copy.tables.add(new TreeMap<>(rows)));
      return copy;
    }
  }

  @TempDir Path folder;

  private Random random = new Random(0);
  private List<Kind> kinds = List.of();
  private int ids;

  /** People's connection, which stays open: to open one for each step took as long as the rest. */
  private @Nullable Connection people;

  @AfterEach
  void leave() throws SQLException {
    if (people != null) {
      people.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ends_where_the_model_does(long seed) throws SQLException {
    random = new Random(seed);
    kinds = kinds();
    Lab lab = Lab.with(folder, schema());
    people = lab.connect();
    for (int tenant : List.of(1, 2)) {
      execute("INSERT INTO tenants VALUES (" + tenant + ")");
      for (int i = 0; i < 40; i++) {
        insert(tenant, random.nextInt(kinds.size()), false);
      }
    }
    Label label = lab.backup(1);
    State then = read(1);
    for (int i = 0; i < PARTS; i++) {
      work(6);
      String what = "seed " + seed + ", part " + i;
      Part part = part(then, read(1));
      restore(lab, label, then, part, what + ' ' + part);
    }
  }

  private void restore(Lab lab, Label label, State then, Part part, String what) {
    State now = read(1);
    State other = read(2);
    State expected = bring(then, now, part);
    RestoreOptions options = RestoreOptions.DEFAULT.with(part);
    if (!possible(expected, now, other)) {
      preview(lab, label, options, what, false);
      return;
    }
    // Half of what can be done is looked at first, which costs half of what doing it does.
    Optional<RestorePlan> preview =
        random.nextBoolean()
            ? Optional.of(preview(lab, label, options, what, true))
            : Optional.empty();
    RestorePlan done = lab.restore(1, label, options).plan();
    preview.ifPresent(shown -> assertThat(done).as(what).isEqualTo(shown));
    requireState(lab, expected, other, what);
    if (done.isEmpty()) {
      return;
    }
    // A restore of all of it is taken back as ever, with all that was done since.
    boolean later = !part.isWhole() && random.nextBoolean();
    if (later) {
      work(2);
    }
    undo(lab, now, expected, what + (later ? ", undone after work" : ", undone"));
  }

  private static RestorePlan preview(
      Lab lab, Label label, RestoreOptions options, String what, boolean possible) {
    Map<String, List<String>> dump = lab.dump();
    RestorePlan preview = lab.preview(1, label, options);
    assertThat(lab.dump()).as(what).isEqualTo(dump);
    assertThat(preview.conflicts().isEmpty()).as(what + preview.conflicts()).isEqualTo(possible);
    return preview;
  }

  private void undo(Lab lab, State before, State written, String what) {
    State now = read(1);
    State other = read(2);
    State expected = now.copy();
    boolean possible = true;
    for (int table = 0; table < kinds.size(); table++) {
      Set<String> ids = new HashSet<>(before.of(table).keySet());
      ids.addAll(written.of(table).keySet());
      for (String id : ids) {
        Map<String, String> was = before.of(table).get(id);
        Map<String, String> wrote = written.of(table).get(id);
        Map<String, String> is = now.of(table).get(id);
        if (!Objects.equals(was, wrote) && !Objects.equals(is, was)) {
          possible &= Objects.equals(is, wrote);
          put(expected.of(table), id, was);
        }
      }
    }
    possible &= possible(expected, now, other);
    try {
      lab.undo(1);
      assertThat(possible).as(what).isTrue();
      requireState(lab, expected, other, what);
    } catch (RestoreRefused e) {
      assertThat(possible).as(what + e.reasons()).isFalse();
      requireState(lab, now, other, what);
    }
  }

  private static void put(
      Map<String, Map<String, String>> rows, String id, @Nullable Map<String, String> row) {
    if (row == null) {
      rows.remove(id);
    } else {
      rows.put(id, row);
    }
  }

  private void requireState(Lab lab, State one, State two, String what) {
    assertThat(read(1).tables).as(what).isEqualTo(one.tables);
    assertThat(read(2).tables).as(what).isEqualTo(two.tables);
    assertThat(lab.damage()).as(what).isEmpty();
  }

  /** The model: what a part is, row by row. */
  private State bring(State then, State now, Part part) {
    Set<String> chosen = chosen(then, now, part);
    State result = now.copy();
    Map<Integer, Set<String>> came = new HashMap<>();
    for (int table = 0; table < kinds.size(); table++) {
      Set<String> columns = columns(part, table);
      boolean ofTable = part.only().isEmpty() || columns != null;
      boolean whole = columns == null || columns.isEmpty();
      came.put(table, new HashSet<>());
      Set<String> ids = new HashSet<>(then.of(table).keySet());
      ids.addAll(now.of(table).keySet());
      for (String id : ids) {
        Map<String, String> was = then.of(table).get(id);
        Map<String, String> is = now.of(table).get(id);
        if (!ofTable || !(part.rows().isEmpty() || chosen.contains(table + id))) {
          continue;
        }
        if (was == null && part.changes().contains(Change.DELETE) && whole) {
          result.of(table).remove(id);
        } else if (was != null && is == null && part.changes().contains(Change.CREATE)) {
          result.of(table).put(id, was);
          came.get(table).add(id);
        } else if (was != null && is != null && part.changes().contains(Change.UPDATE)) {
          Map<String, String> row = new TreeMap<>(is);
          was.forEach(
              (column, value) -> {
                if (whole || Objects.requireNonNull(columns).contains(column)) {
                  row.put(column, value);
                }
              });
          result.of(table).put(id, row);
          came.get(table).add(id);
        }
      }
    }
    bringParents(then, now, result, came);
    return result;
  }

  private void bringParents(State then, State now, State result, Map<Integer, Set<String>> came) {
    boolean more = true;
    while (more) {
      more = false;
      for (int table = 0; table < kinds.size(); table++) {
        for (Ref ref : kinds.get(table).refs()) {
          for (String id : List.copyOf(came.get(table))) {
            String parent = value(result.of(table), id, ref.column());
            boolean missing =
                !parent.equals(NONE)
                    && !result.of(ref.parent()).containsKey(parent)
                    && !now.of(ref.parent()).containsKey(parent)
                    && then.of(ref.parent()).containsKey(parent);
            if (missing) {
              result.of(ref.parent()).put(parent, then.of(ref.parent()).get(parent));
              more |= Objects.requireNonNull(came.get(ref.parent())).add(parent);
            }
          }
        }
      }
    }
  }

  private static String value(Map<String, Map<String, String>> rows, String id, String column) {
    Map<String, String> row = Objects.requireNonNull(rows.get(id), id);
    return Objects.requireNonNull(row.get(column), column);
  }

  /** Null if the table was not chosen; empty for all of its columns. */
  private @Nullable Set<String> columns(Part part, int table) {
    Set<String> columns = new HashSet<>();
    boolean any = false;
    for (String name : part.only()) {
      String[] parts = name.split("\\.", -1);
      if (parts[0].equals(kinds.get(table).name())) {
        if (parts.length == 1) {
          return Set.of();
        }
        any = true;
        columns.add(parts[1]);
      }
    }
    return any ? columns : null;
  }

  private Set<String> chosen(State then, State now, Part part) {
    Set<String> chosen = new HashSet<>();
    part.rows().forEach((name, ids) -> ids.forEach(id -> chosen.add(number(name) + id)));
    boolean more = true;
    while (more) {
      more = false;
      for (State state : List.of(then, now)) {
        for (int table = 0; table < kinds.size(); table++) {
          Kind kind = kinds.get(table);
          for (Map.Entry<String, Map<String, String>> row : state.of(table).entrySet()) {
            for (Ref ref : kind.refs()) {
              if (kind.below(ref)
                  && chosen.contains(ref.parent() + row.getValue().get(ref.column()))) {
                more |= chosen.add(table + row.getKey());
              }
            }
          }
        }
      }
    }
    return chosen;
  }

  private int number(String name) {
    return Integer.parseInt(name.substring(1));
  }

  /** Whether nothing dangles, and no id or unique value is somebody else's. */
  private boolean possible(State state, State now, State other) {
    for (int table = 0; table < kinds.size(); table++) {
      Map<String, Map<String, String>> rows = state.of(table);
      Set<String> codes = new HashSet<>();
      other.of(table).values().forEach(row -> codes.add(row.get("code")));
      for (Map.Entry<String, Map<String, String>> row : rows.entrySet()) {
        if (!now.of(table).containsKey(row.getKey()) && other.of(table).containsKey(row.getKey())) {
          return false;
        }
        if (!codes.add(row.getValue().get("code"))) {
          return false;
        }
        for (Ref ref : kinds.get(table).refs()) {
          String parent = value(rows, row.getKey(), ref.column());
          if (!parent.equals(NONE) && !state.of(ref.parent()).containsKey(parent)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private Part part(State then, State now) {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    while (changes.isEmpty()) {
      Arrays.stream(Change.values()).filter(c -> random.nextBoolean()).forEach(changes::add);
    }
    List<String> only = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      for (Kind kind : kinds) {
        if (random.nextBoolean()) {
          only.add(random.nextInt(3) > 0 ? kind.name() : kind.name() + ".val");
        }
      }
    }
    Map<String, List<String>> rows = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      for (int i = 0; i < 3; i++) {
        int table = random.nextInt(kinds.size());
        List<String> ids = new ArrayList<>(then.of(table).keySet());
        ids.addAll(now.of(table).keySet());
        if (!ids.isEmpty()) {
          rows.computeIfAbsent(kinds.get(table).name(), any -> new ArrayList<>())
              .add(ids.get(random.nextInt(ids.size())));
        }
      }
    }
    return new Part(changes, only, rows, false);
  }

  private List<Kind> kinds() {
    List<Kind> made = new ArrayList<>();
    for (int table = 0; table < 5; table++) {
      boolean keyed = table == 0 || random.nextInt(3) == 0;
      List<Ref> refs = new ArrayList<>();
      int count = keyed ? random.nextInt(3) : 1 + random.nextInt(2);
      for (int i = 0; i < count; i++) {
        boolean required = !keyed && i == 0;
        int parent = required ? random.nextInt(table) : random.nextInt(table + 1);
        List<String> actions =
            required
                ? List.of("NO ACTION", "CASCADE")
                : List.of("NO ACTION", "CASCADE", "SET NULL");
        refs.add(new Ref("r" + i, parent, required, actions.get(random.nextInt(actions.size()))));
      }
      String type = List.of("INTEGER", "TEXT", "BLOB").get(random.nextInt(3));
      made.add(new Kind("t" + table, type, random.nextBoolean(), keyed, refs));
    }
    return made;
  }

  private String[] schema() {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE tenants (id INTEGER PRIMARY KEY)");
    for (Kind kind : kinds) {
      StringBuilder sql = new StringBuilder("CREATE TABLE " + kind.name());
      sql.append(" (id ").append(kind.idType()).append(" PRIMARY KEY, val, code TEXT UNIQUE");
      if (kind.keyed()) {
        sql.append(", tenant_id INTEGER NOT NULL");
      }
      for (Ref ref : kind.refs()) {
        sql.append(", ").append(ref.column()).append(ref.required() ? " NOT NULL" : "");
        sql.append(" REFERENCES t")
            .append(ref.parent())
            .append(" ON DELETE ")
            .append(ref.onDelete());
      }
      statements.add(sql + ")" + (kind.withoutRowid() ? " WITHOUT ROWID" : ""));
    }
    return statements.toArray(String[]::new);
  }

  private String id(int table, int number) {
    return switch (kinds.get(table).idType()) {
      case "INTEGER" -> String.valueOf(number);
      case "TEXT" -> "'k" + number + "'";
      default -> "x'%04x'".formatted(number);
    };
  }

  /** One of a tenant's ids as a literal, or null if there is none. */
  private @Nullable String some(int tenant, int table) {
    List<String> ids = new ArrayList<>(read(tenant).of(table).keySet());
    if (ids.isEmpty()) {
      return null;
    }
    return literal(table, ids.get(random.nextInt(ids.size())));
  }

  private String literal(int table, String id) {
    return switch (kinds.get(table).idType()) {
      case "INTEGER" -> id;
      case "TEXT" -> "'" + id + "'";
      default -> "x'" + id + "'";
    };
  }

  private void insert(int tenant, int table, boolean old) {
    Kind kind = kinds.get(table);
    List<String> columns = new ArrayList<>(List.of("id", "val", "code"));
    int number = old ? 1 + random.nextInt(ids) : ++ids;
    String code = random.nextInt(8) == 0 ? String.valueOf(random.nextInt(ids)) : "n" + ++ids;
    List<String> values =
        new ArrayList<>(
            List.of(id(table, number), String.valueOf(random.nextInt(5)), "'" + code + "'"));
    if (kind.keyed()) {
      columns.add("tenant_id");
      values.add(String.valueOf(tenant));
    }
    for (Ref ref : kind.refs()) {
      String parent = random.nextInt(3) == 0 && !ref.required() ? null : some(tenant, ref.parent());
      if (parent == null && ref.required()) {
        return;
      }
      columns.add(ref.column());
      values.add(parent == null ? "NULL" : parent);
    }
    execute(
        "INSERT OR IGNORE INTO %s (%s) VALUES (%s)"
            .formatted(kind.name(), String.join(", ", columns), String.join(", ", values)));
  }

  /** What people do meanwhile; what the schema forbids is not done. */
  private void work(int steps) {
    for (int i = 0; i < steps; i++) {
      int table = random.nextInt(kinds.size());
      Kind kind = kinds.get(table);
      String id = some(1, table);
      int step = random.nextInt(6);
      if (step < 2 || id == null) {
        insert(step == 0 && random.nextInt(4) == 0 ? 2 : 1, table, random.nextInt(3) == 0);
      } else if (step == 2) {
        tryTo("DELETE FROM " + kind.name() + " WHERE id = " + id);
      } else if (step == 3 && !kind.refs().isEmpty()) {
        Ref ref = kind.refs().get(random.nextInt(kind.refs().size()));
        String parent = some(1, ref.parent());
        if (parent != null) {
          tryTo(
              "UPDATE %s SET %s = %s WHERE id = %s"
                  .formatted(kind.name(), ref.column(), parent, id));
        }
      } else {
        tryTo(
            "UPDATE %s SET val = %s WHERE id = %s"
                .formatted(
                    kind.name(), List.of("1", "1.0", "'1'", "NULL").get(random.nextInt(4)), id));
      }
    }
  }

  /** Does what the schema allows. */
  private void tryTo(String sql) {
    try {
      execute(sql);
    } catch (IllegalStateException e) {
      assertThat(e.getMessage()).contains("constraint");
    }
  }

  private void execute(String sql) {
    try (Statement statement = Objects.requireNonNull(people).createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** A tenant's rows: those with its key, and those that lead to such by what is required. */
  private State read(int tenant) {
    State state = new State();
    for (int table = 0; table < kinds.size(); table++) {
      Kind kind = kinds.get(table);
      List<String> columns = new ArrayList<>(List.of("val", "code"));
      kind.refs().forEach(ref -> columns.add(ref.column()));
      StringBuilder sql = new StringBuilder("SELECT " + text("id"));
      columns.forEach(
          column ->
              sql.append(
                  column.startsWith("r") || column.equals("code")
                      ? " || '|' || coalesce(" + text(column) + ", '" + NONE + "')"
                      : " || '|' || quote(" + column + ")"));
      if (kind.keyed()) {
        sql.append(" || '|' || tenant_id");
      }
      sql.append(" FROM ").append(kind.name());
      Map<String, Map<String, String>> rows = new TreeMap<>();
      for (String line : lines(sql.toString())) {
        String[] parts = line.split("\\|", -1);
        Map<String, String> row = new TreeMap<>();
        for (int i = 0; i < columns.size(); i++) {
          row.put(columns.get(i), parts[i + 1]);
        }
        boolean own =
            kind.keyed()
                ? parts[columns.size() + 1].equals(String.valueOf(tenant))
                : state.of(kind.refs().get(0).parent()).containsKey(row.get("r0"));
        if (own) {
          rows.put(parts[0], row);
        }
      }
      state.tables.add(rows);
    }
    return state;
  }

  private List<String> lines(String sql) {
    List<String> lines = new ArrayList<>();
    try (Statement statement = Objects.requireNonNull(people).createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        lines.add(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
    return lines;
  }

  private static String text(String column) {
    return "CASE typeof("
        + column
        + ") WHEN 'blob' THEN lower(hex("
        + column
        + ")) ELSE "
        + column
        + " END";
  }
}
