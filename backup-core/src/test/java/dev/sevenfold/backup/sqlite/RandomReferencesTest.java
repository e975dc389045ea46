package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever refers to whatever in a small schema, and whatever was written without foreign keys: a
 * restore leaves no reference that leads nowhere but those that did so before, or in the archive;
 * and an undo right after it gives back all that was there.
 */
class RandomReferencesTest {

  private static final int IDS = 9;
  private static final List<String> ACTIONS =
      List.of(
          "NO ACTION",
          "RESTRICT",
          "CASCADE",
          "SET NULL",
          "NO ACTION DEFERRABLE INITIALLY DEFERRED");

  /** A foreign key of the schema that was made up. */
  private record Reference(String child, List<String> columns, String parent, List<String> to) {

    /** Selects the rows that lead nowhere, each as one text. */
    String dangling() {
      List<String> set = columns.stream().map(c -> "c." + c + " IS NOT NULL").toList();
      List<String> same = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        same.add("p." + to.get(i) + " = c." + columns.get(i));
      }
      return "SELECT '"
          + child
          + String.join("+", columns)
          + ">"
          + parent
          + " ' || c.id || ' ' || c."
          + String.join(" || ',' || c.", columns)
          + " FROM "
          + child
          + " c WHERE "
          + String.join(" AND ", set)
          + " AND NOT EXISTS (SELECT 1 FROM "
          + parent
          + " p WHERE "
          + String.join(" AND ", same)
          + ")";
    }
  }

  @TempDir Path folder;

  private final List<Reference> references = new ArrayList<>();
  private final List<String> tables = List.of("a", "b", "c", "shared_a", "ignored_a", "ignored_b");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_reference_leads_nowhere_that_did_not_before_or_in_the_archive(long seed) {
    Random random = new Random(seed);
    Lab lab = Lab.with(folder, "CREATE TABLE tenants (id INTEGER PRIMARY KEY)");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .shared("shared_*")
            .ignored("ignored_*"));
    lab.execute("INSERT INTO tenants VALUES (1), (2)");
    tables.forEach(table -> lab.execute(definition(table, random)));
    write(lab, random, 60);
    Label label = lab.backup(1);
    Set<String> archived = dangling(lab);
    for (int round = 0; round < 3; round++) {
      write(lab, random, 12);
      restore(lab, label, archived, "seed " + seed + ", round " + round);
    }
  }

  private void restore(Lab lab, Label label, Set<String> archived, String which) {
    Set<String> allowed = dangling(lab);
    allowed.addAll(archived);
    Map<String, List<String>> before = lab.dump();
    RestorePlan plan = lab.preview(1, label);
    if (!plan.conflicts().isEmpty()) {
      assertThatExceptionOfType(RestoreRefused.class)
          .as(which)
          .isThrownBy(() -> lab.restore(1, label));
      assertThat(lab.dump()).as(which).isEqualTo(before);
      return;
    }
    lab.restore(1, label);
    assertThat(allowed).as(which + plan).containsAll(dangling(lab));
    if (plan.sideEffects().isEmpty() && !plan.isEmpty()) {
      lab.undo(1);
      assertThat(lab.dump()).as(which).isEqualTo(before);
    }
  }

  /** What leads nowhere, which SQLite counts the same. */
  private Set<String> dangling(Lab lab) {
    Set<String> found = new TreeSet<>();
    for (Reference reference : references) {
      String rows = lab.query(reference.dangling().replace("|| ',' ||", "|| '+' ||"));
      if (!rows.isEmpty()) {
        found.addAll(List.of(rows.split(",")));
      }
    }
    assertThat(lab.query("SELECT count(*) FROM pragma_foreign_key_check"))
        .isEqualTo(String.valueOf(found.size()));
    return found;
  }

  private String definition(String table, Random random) {
    boolean owned = table.length() == 1;
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY");
    sql.append(owned ? ", tenant_id INTEGER NOT NULL" : ", tenant_id INTEGER");
    sql.append(", u TEXT UNIQUE, r INTEGER, s TEXT, t INTEGER");
    for (String column : List.of("r", "s", "t")) {
      if (random.nextInt(4) > 0) {
        String parent = tables.get(random.nextInt(tables.size()));
        boolean both = column.equals("t") && random.nextBoolean();
        List<String> columns = both ? List.of("tenant_id", "t") : List.of(column);
        List<String> to =
            both ? List.of("tenant_id", "id") : List.of(column.equals("s") ? "u" : "id");
        references.add(new Reference(table, columns, parent, to));
        sql.append(
            ", FOREIGN KEY (%s) REFERENCES %s (%s) ON UPDATE %s ON DELETE %s"
                .formatted(
                    String.join(", ", columns),
                    parent,
                    String.join(", ", to),
                    action(random).replaceAll(" DEFERRABLE.*", ""),
                    action(random)));
      }
    }
    return sql + ", UNIQUE (tenant_id, id))" + (random.nextInt(3) == 0 ? " WITHOUT ROWID" : "");
  }

  private static String action(Random random) {
    return ACTIONS.get(random.nextInt(ACTIONS.size()));
  }

  /** Writes of an application that does not have foreign keys enforced. */
  private void write(Lab lab, Random random, int writes) {
    List<String> statements = new ArrayList<>(List.of("PRAGMA foreign_keys = OFF"));
    for (int i = 0; i < writes; i++) {
      String table = tables.get(random.nextInt(tables.size()));
      int id = 1 + random.nextInt(IDS);
      statements.add(
          switch (random.nextInt(5)) {
            case 0 -> "DELETE FROM " + table + " WHERE id = " + id;
            case 1 ->
                "UPDATE OR IGNORE " + table + " SET u = " + text(random) + " WHERE id = " + id;
            case 2 ->
                "UPDATE "
                    + table
                    + " SET r = "
                    + number(random)
                    + ", s = "
                    + text(random)
                    + ", t = "
                    + number(random)
                    + " WHERE id = "
                    + id;
            default ->
                "INSERT OR IGNORE INTO "
                    + table
                    + " VALUES ("
                    + id
                    + ", "
                    + (1 + random.nextInt(2))
                    + ", "
                    + text(random)
                    + ", "
                    + number(random)
                    + ", "
                    + text(random)
                    + ", "
                    + number(random)
                    + ")";
          });
    }
    lab.execute(statements.toArray(String[]::new));
  }

  private static String number(Random random) {
    return random.nextInt(3) == 0 ? "NULL" : String.valueOf(1 + random.nextInt(IDS));
  }

  private static String text(Random random) {
    return random.nextInt(3) == 0 ? "NULL" : "'u" + random.nextInt(IDS) + "'";
  }
}
