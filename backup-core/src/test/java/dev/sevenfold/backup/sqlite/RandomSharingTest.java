package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three tenants with rows that lead to each other in every way, and a change or two since a backup.
 * Whatever a restore of tenant 1 does, it keeps to what is anybody else's; told by an owner search
 * of the test's own.
 */
class RandomSharingTest {

  private static final int RUNS = Integer.getInteger("sharing.runs", 24);
  private static final long FIRST = Long.getLong("sharing.first", 1);
  private static final int TENANTS = 3;
  private static final int IDS = 7;
  private static final int EVERYBODY = -1;

  /** From each table to its columns beside the id: what they point at. */
  private static final Map<String, Map<String, String>> COLUMNS = new TreeMap<>();

  static {
    COLUMNS.put("teams", Map.of("tenant_id", "tenants"));
    COLUMNS.put("users", Map.of("tenant_id", "tenants", "team_id", "teams"));
    COLUMNS.put("links", Map.of("tenant_id", "tenants", "document_id", "documents"));
    COLUMNS.put("documents", Map.of());
    COLUMNS.put("pages", Map.of("document_id", "documents", "user_id", "users"));
    COLUMNS.put("words", Map.of("page_id", "pages"));
    COLUMNS.put("tags", Map.of("on_id", "on_type", "document_id", "documents"));
    COLUMNS.put("tree", Map.of("tenant_id", "tenants", "tree_id", "tree"));
  }

  private static final List<String> TYPES = List.of("pages", "users", "teams");

  @TempDir Path folder;
  private Random random = new Random(0);
  private final Map<String, Integer> homes = new HashMap<>();
  private int noise;
  private long found;
  private boolean brought;
  private boolean sharing;
  private int done;
  private int refused;

  @ParameterizedTest(name = "rows are brought: {0}, some are everybody's: {1}")
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void a_restore_writes_only_what_is_the_tenants_or_nobodys(
      boolean rowsAreBrought, boolean someAreEverybodys) throws SQLException {
    brought = rowsAreBrought;
    sharing = someAreEverybodys;
    // To have only such rows at hand as were asked for takes twice as long for each.
    int runs = brought ? RUNS / 2 : RUNS;
    for (long seed = FIRST; seed < FIRST + runs; seed++) {
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("With seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(done).as("restores that were done").isGreaterThan(runs / 10);
    assertThat(refused).as("restores that were refused").isPositive();
    assertThat(found > runs).as("rows were everybody's").isEqualTo(sharing);
  }

  private void run(long seed) throws SQLException {
    random = new Random(seed);
    homes.clear();
    noise = 0;
    Lab lab = create(folder.resolve("r" + seed + sharing));
    if (!canBeBackedUp(lab, 1)) {
      return;
    }
    Label label = lab.backup(1);
    Set<String> archived = new HashSet<>(state(lab).rows.values());
    noise = 4;
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      change(lab);
    }
    List<Integer> good = tenantsThatCanBeBackedUp(lab);
    if (!good.contains(1)) {
      return;
    }
    State before = state(lab);
    if (sharing) {
      compareWithCheck(lab, before);
    }
    // Half of the restores are looked at first; what is done, or refused, is the same plan.
    boolean isLookedAt = seed % 2 == 0;
    Optional<RestorePlan> seen = isLookedAt ? Optional.of(lab.preview(1, label)) : Optional.empty();
    RestorePlan plan;
    try {
      plan = lab.restore(1, label).plan();
    } catch (RestoreRefused e) {
      refused++;
      assertThat(seen.map(RestorePlan::conflicts).orElse(e.reasons())).isNotEmpty();
      assertThat(state(lab).rows).isEqualTo(before.rows);
      return;
    }
    done++;
    assertThat(seen.orElse(plan)).isEqualTo(plan);
    assertThat(plan.conflicts()).isEmpty();
    State after = state(lab);
    compare(before, after, archived);
    assertThat(tenantsThatCanBeBackedUp(lab)).containsAll(good);
    if (plan.isEmpty()) {
      // Nothing was written, and so there is nothing to take back.
      return;
    }
    lab.undo(1);
    assertThat(state(lab).rows).isEqualTo(before.rows);
    if (!isLookedAt) {
      lab.undo(1);
      assertThat(state(lab).rows).isEqualTo(after.rows);
    }
  }

  private void compareWithCheck(Lab lab, State state) {
    for (OwnershipCheck.TableRows table : lab.source().check(Progress.none()).tables()) {
      List<Set<Integer>> owners =
          state.rows.keySet().stream()
              .filter(row -> row.startsWith(table.table() + ' '))
              .map(state::owners)
              .toList();
      if (COLUMNS.containsKey(table.table())) {
        long everybodys = owners.stream().filter(Set.of(EVERYBODY)::equals).count();
        found += everybodys;
        assertThat(table.everybodys()).as(table.table()).isEqualTo(everybodys);
        assertThat(table.nobodys())
            .as(table.table())
            .isEqualTo(owners.stream().filter(Set::isEmpty).count());
      }
    }
  }

  private static void compare(State before, State after, Set<String> archived) {
    Set<String> all = new HashSet<>(before.rows.keySet());
    all.addAll(after.rows.keySet());
    for (String row : all) {
      Set<Integer> then = before.owners(row);
      Set<Integer> now = after.owners(row);
      String what = row + ' ' + before.rows.get(row) + " -> " + after.rows.get(row);
      if (!String.valueOf(before.rows.get(row)).equals(after.rows.get(row))) {
        assertThat(then).as(what + " was").isSubsetOf(Set.of(1));
        assertThat(now).as(what + " is").isSubsetOf(Set.of(1));
      } else if (!then.contains(1) && !then.isEmpty() && now.contains(1)) {
        boolean wasThere = archived.contains(after.rows.get(row));
        boolean below = before.leadsOnly(row, after);
        assertThat(wasThere || below).as(what + " became the tenant's").isTrue();
      }
    }
  }

  private List<Integer> tenantsThatCanBeBackedUp(Lab lab) {
    return IntStream.rangeClosed(1, TENANTS).filter(id -> canBeBackedUp(lab, id)).boxed().toList();
  }

  /** Without a store: what refuses a backup refuses to read the tenant's rows. */
  private boolean canBeBackedUp(Lab lab, int tenant) {
    try {
      Path scratch = Files.createTempDirectory(folder, "read");
      lab.source().extract(Lab.id(tenant), scratch, Progress.none());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BackupRefused e) {
      assertThat(e.getMessage()).contains("also lead to another tenant");
      return false;
    }
  }

  private Lab create(Path at) {
    at.toFile().mkdirs();
    Lab lab = Lab.with(at, "CREATE TABLE tenants (id INTEGER PRIMARY KEY)").bringing(brought);
    TenantModel.Builder model = TenantModel.rootedAt("tenants").column("tenant_id");
    List<String> statements = new ArrayList<>();
    COLUMNS.forEach(
        (table, columns) -> {
          StringBuilder sql =
              new StringBuilder("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, name TEXT");
          new TreeMap<>(columns)
              .forEach(
                  (column, parent) -> {
                    sql.append(", " + column + (column.equals("on_id") ? " TEXT, on_type" : ""));
                    sql.append(column.equals("on_id") ? " TEXT" : " INTEGER");
                    if (!parent.equals("tenants") && !parent.equals("on_type")) {
                      model.reference(table, column, parent, "id");
                    }
                  });
          statements.add(sql + ")");
        });
    Map<String, String> targets = new HashMap<>();
    TYPES.forEach(type -> targets.put(type, type));
    if (sharing) {
      for (String table : List.of("teams", "users", "links", "tree")) {
        model.sharedRows(table, "tenant_id", EVERYBODY);
      }
      model.sharedRows("words", "name", "n0");
    }
    lab.owned(
        model
            .referencedBy("documents", "links", "document_id")
            .polymorphic("tags", "on_type", "on_id", targets));
    for (int tenant = 1; tenant <= TENANTS; tenant++) {
      statements.add("INSERT INTO tenants VALUES (" + tenant + ")");
    }
    for (String table : COLUMNS.keySet()) {
      for (int id = 1; id <= IDS; id++) {
        homes.put(table + id, 1 + random.nextInt(TENANTS));
      }
    }
    for (String table : COLUMNS.keySet()) {
      for (int id = 1; id <= IDS; id++) {
        if (random.nextInt(10) < 7) {
          statements.add(insert(table, id));
        }
      }
    }
    for (int i = 0; i < IDS; i++) {
      statements.add(link());
    }
    lab.execute(statements.toArray(String[]::new));
    return lab;
  }

  /** Anybody comes to use any document. */
  private String link() {
    return "INSERT INTO links (tenant_id, document_id) VALUES ("
        + (sharing && random.nextInt(4) == 0 ? EVERYBODY : 1 + random.nextInt(TENANTS))
        + ", "
        + (1 + random.nextInt(IDS))
        + ')';
  }

  private String insert(String table, int id) {
    StringBuilder columns = new StringBuilder("id, name");
    StringBuilder values = new StringBuilder(id + ", 'n" + random.nextInt(3) + "'");
    int home =
        random.nextInt(12) == 0 ? 1 + random.nextInt(TENANTS) : homes.getOrDefault(table + id, 1);
    for (Map.Entry<String, String> column :
        new TreeMap<>(COLUMNS.getOrDefault(table, Map.of())).entrySet()) {
      columns.append(", " + column.getKey());
      if (column.getKey().equals("on_id")) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        columns.append(", on_type");
        values.append(", " + reference(type, home) + ", '" + type + "'");
      } else {
        values.append(", " + reference(column.getValue(), home));
      }
    }
    return "INSERT OR IGNORE INTO " + table + " (" + columns + ") VALUES (" + values + ")";
  }

  /** Most often at something of the same home. */
  private String reference(String parent, int home) {
    int kind = random.nextInt(20);
    if (kind < 4) {
      return "NULL";
    }
    if (parent.equals("tenants")) {
      return "" + (sharing && random.nextInt(5) == 0 ? EVERYBODY : home);
    }
    List<Integer> same = new ArrayList<>();
    for (int id = 1; id <= IDS; id++) {
      boolean sharing = parent.equals("documents") && random.nextInt(noise > 0 ? 2 : 6) == 0;
      if (homes.getOrDefault(parent + id, 1) == home || sharing) {
        same.add(id);
      }
    }
    if (same.isEmpty() && noise == 0) {
      return "NULL";
    }
    return same.isEmpty() || (noise > 0 && kind > 17)
        ? "" + (1 + random.nextInt(IDS))
        : "" + same.get(random.nextInt(same.size()));
  }

  private void change(Lab lab) {
    List<String> tables = new ArrayList<>(COLUMNS.keySet());
    // Most often what can be shared, and what hangs below it.
    tables.addAll(List.of("links", "links", "links", "pages", "pages", "words", "documents"));
    String table = tables.get(random.nextInt(tables.size()));
    int id = 1 + random.nextInt(IDS);
    switch (random.nextInt(sharing ? 7 : 6)) {
      case 0 -> lab.execute("DELETE FROM " + table + " WHERE id = " + id);
      case 1 -> lab.execute(insert(table, id));
      case 2 -> {
        lab.execute("DELETE FROM " + table + " WHERE id = " + id, insert(table, id));
      }
      case 3 -> lab.execute(link());
      case 4 ->
          lab.execute(
              "DELETE FROM links WHERE tenant_id = 1 AND document_id = " + id,
              "UPDATE pages SET name = 'changed' WHERE document_id = " + id);
      case 6 -> {
        if (COLUMNS.getOrDefault(table, Map.of()).containsKey("tenant_id")) {
          int owner = random.nextInt(3) == 0 ? 1 : EVERYBODY;
          lab.execute("UPDATE " + table + " SET tenant_id = " + owner + " WHERE id = " + id);
        }
      }
      default -> lab.execute("UPDATE " + table + " SET name = 'changed' WHERE id = " + id);
    }
  }

  private State state(Lab lab) throws SQLException {
    return State.of(lab, sharing);
  }

  /** All rows, and whom they lead to. */
  private static final class State {
    private final Map<String, String> rows = new TreeMap<>();
    private final Map<String, Map<String, String>> values = new HashMap<>();

    private final Set<String> everybodys = new HashSet<>();
    private final boolean sharing;

    private State(boolean sharing) {
      this.sharing = sharing;
    }

    static State of(Lab lab, boolean sharing) throws SQLException {
      State state = new State(sharing);
      try (Connection connection = lab.connect();
          Statement statement = connection.createStatement()) {
        for (String table : COLUMNS.keySet()) {
          try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
            while (row.next()) {
              Map<String, String> columns = new TreeMap<>();
              for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.put(row.getMetaData().getColumnName(i), "" + row.getString(i));
              }
              String name = table + ' ' + row.getString("id");
              state.values.put(name, columns);
              state.rows.put(name, table + columns);
            }
          }
        }
      }
      if (sharing) {
        state.findEverybodys();
      }
      return state;
    }

    /** The tenants that a row leads to, and everybody. */
    Set<Integer> owners(String row) {
      Set<Integer> owners = tenants(row);
      if (everybodys.contains(row)) {
        owners.add(EVERYBODY);
      }
      return owners;
    }

    private Set<Integer> tenants(String row) {
      Set<Integer> owners = new HashSet<>();
      climb(row, new HashSet<>(), owners);
      return owners;
    }

    private boolean isShared(String row) {
      Map<String, String> columns = values.getOrDefault(row, Map.of());
      return String.valueOf(EVERYBODY).equals(columns.get("tenant_id"))
          || (row.startsWith("words ") && "n0".equals(columns.get("name")));
    }

    private boolean isUndecided(String row) {
      return !isShared(row)
          && values.getOrDefault(row, Map.of()).getOrDefault("tenant_id", "null").equals("null");
    }

    /** Row by row, over and over, as the page on the tenant model tells it. */
    private void findEverybodys() {
      values.keySet().stream().filter(this::isShared).forEach(everybodys::add);
      int before;
      do {
        before = everybodys.size();
        addBelow();
        for (String link : values.keySet()) {
          String document = "documents " + values.getOrDefault(link, Map.of()).get("document_id");
          if (link.startsWith("links ")
              && everybodys.contains(link)
              && values.containsKey(document)) {
            everybodys.add(document);
          }
        }
      } while (everybodys.size() > before);
    }

    private void addBelow() {
      Set<String> reach = new HashSet<>(everybodys);
      boolean more;
      do {
        more = false;
        for (String row : values.keySet()) {
          more |=
              isUndecided(row)
                  && references(row).stream()
                      .filter(reach::contains)
                      .anyMatch(to -> tenants(row).isEmpty() || !tenants(to).isEmpty())
                  && reach.add(row);
        }
      } while (more);
      do {
        more =
            reach.removeIf(
                row ->
                    !everybodys.contains(row)
                        && tenants(row).isEmpty()
                        && !reach.containsAll(references(row)));
      } while (more);
      everybodys.addAll(reach);
    }

    /** What the row itself refers to, be it there or not. */
    private List<String> references(String row) {
      return upwards(row).stream().filter(to -> !to.endsWith(" null")).toList();
    }

    private void climb(String row, Set<String> seen, Set<Integer> owners) {
      if (values.containsKey(row) && seen.add(row) && !(sharing && isShared(row))) {
        String tenant = values.getOrDefault(row, Map.of()).getOrDefault("tenant_id", "null");
        if (!tenant.equals("null")) {
          owners.add(Integer.parseInt(tenant));
        } else {
          parents(row).forEach(parent -> climb(parent, seen, owners));
        }
      }
    }

    private List<String> parents(String row) {
      List<String> parents = upwards(row);
      if (row.startsWith("documents ")) {
        values.forEach(
            (name, columns) -> {
              if (name.startsWith("links ")
                  && ("documents " + columns.get("document_id")).equals(row)) {
                parents.add(name);
              }
            });
      }
      return parents;
    }

    private List<String> upwards(String row) {
      String table = row.substring(0, row.indexOf(' '));
      List<String> parents = new ArrayList<>();
      COLUMNS
          .getOrDefault(table, Map.of())
          .forEach(
              (column, parent) -> {
                if (row.startsWith("links ") && parent.equals("documents")) {
                  // It owns the document, and is not owned by it.
                  return;
                }
                String to =
                    parent.equals("on_type")
                        ? values.getOrDefault(row, Map.of()).get("on_type")
                        : parent;
                parents.add(to + ' ' + values.getOrDefault(row, Map.of()).get(column));
              });
      return parents;
    }

    /** Whether all that a row leads to afterwards is shared, so that it is below what is shared. */
    boolean leadsOnly(String row, State after) {
      return after.parents(row).stream()
          .filter(parent -> !after.tenants(parent).isEmpty())
          .allMatch(parent -> after.owners(parent).containsAll(Set.of(1)));
    }
  }
}
