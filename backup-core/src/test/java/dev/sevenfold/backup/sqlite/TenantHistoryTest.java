package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RowHistory;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Interposed;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a tenant's restore points is found, compared, and read once. */
class TenantHistoryTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private BackupService backups;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, photo BLOB)",
            "CREATE TABLE \"odd \"\"name\" (tenant_id INTEGER, \"a b\" TEXT, n, v TEXT,"
                + " PRIMARY KEY (\"a b\", n)) WITHOUT ROWID",
            "CREATE TABLE blobs (id BLOB PRIMARY KEY, tenant_id INTEGER, v TEXT)",
            "CREATE TABLE loose (tenant_id INTEGER, v TEXT)",
            "CREATE TABLE forgotten (email TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'ann', NULL), (9, 2, 'zoe anna', NULL)",
            "INSERT INTO \"odd \"\"name\" VALUES (1, 'x/y', 1, 'first')",
            "INSERT INTO blobs VALUES (x'AB01', 1, 'blob')",
            "INSERT INTO loose VALUES (1, 'same'), (1, 'same')");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .ignored("forgotten")
            .eraseOnRestore("forgotten", "email", "users", "name"));
    backups = lab.service();
  }

  private List<Label> sevenPoints() {
    List<Label> labels = new ArrayList<>();
    for (String change :
        List.of(
            "SELECT 1",
            "INSERT INTO users VALUES (17, 1, 'Anna', x'00')",
            "SELECT 1",
            "UPDATE users SET name = NULL WHERE id = 17",
            "DELETE FROM users WHERE id = 17",
            "INSERT INTO users VALUES (17, 1, 'back', x'00')",
            "DELETE FROM users WHERE id = 17")) {
      lab.execute(change);
      labels.add(lab.backup(1));
    }
    return labels;
  }

  private static Label label(Optional<RestorePoint> point) {
    return point.orElseThrow().label();
  }

  @Test
  void a_row_is_followed_as_it_comes_changes_goes_and_comes_back() {
    List<Label> labels = sevenPoints();
    try (TenantHistory history = backups.history(ONE)) {
      assertThat(history.points())
          .extracting(RestorePoint::label)
          .containsExactlyElementsOf(labels);

      RowHistory row = history.find("USERS", "17").rows().get(0);

      assertThat(row.table()).isEqualTo("users");
      assertThat(row.spans())
          .extracting(s -> label(s.from()))
          .containsExactly(labels.get(1), labels.get(3), labels.get(5));
      assertThat(row.spans())
          .extracting(s -> label(s.until()))
          .containsExactly(labels.get(2), labels.get(3), labels.get(5));
      assertThat(row.spans().get(0).values()).containsExactly("17", "1", "Anna", "1 bytes");
      assertThat(row.spans().get(1).values()).containsExactly("17", "1", null, "1 bytes");
      assertThat(label(row.goneSince())).isEqualTo(labels.get(6));
      assertThat(row.isThere()).isFalse();

      lab.execute("INSERT INTO users VALUES (17, 1, 'today', NULL)");
      RowHistory now = history.find("users", "17").rows().get(0);
      assertThat(now.isThere()).isTrue();
      assertThat(now.goneSince()).isEmpty();
      assertThat(now.spans()).hasSize(4);
      assertThat(now.spans().get(3).from()).isEmpty();
      assertThat(history.find("users", "1").rows().get(0).spans())
          .singleElement()
          .satisfies(s -> assertThat(s.today()).isTrue());
    }
  }

  @Test
  void text_is_found_in_the_tenants_rows_alone() {
    sevenPoints();
    try (TenantHistory history = backups.history(ONE)) {
      assertThat(history.findText("users", "NAME", "aNN", 20).rows())
          .extracting(RowHistory::key)
          .containsExactly("1", "17");
      TenantHistory.Found one = history.findText("users", "name", "a", 1);
      assertThat(one.rows()).hasSize(1);
      assertThat(one.bounded()).isTrue();
      assertThat(history.findText("users", "name", "zoe", 20).rows()).isEmpty();
      assertThat(history.find("users", "9").rows()).isEmpty();
      assertThat(history.findText("users", "name", "%' OR 1 --", 20).rows()).isEmpty();
    }
  }

  @Test
  void keys_of_every_kind_are_written_as_a_restore_takes_them() {
    Label label = lab.backup(1);
    lab.execute("DELETE FROM blobs", "DELETE FROM \"odd \"\"name\"");
    try (TenantHistory history = backups.history(ONE)) {
      RowHistory odd = history.find("odd \"name", "x\\/y/1").rows().get(0);
      assertThat(odd.key()).isEqualTo("x\\/y/1");
      assertThat(odd.isThere()).isFalse();
      assertThat(odd.goneSince()).isEmpty();
      for (String key : List.of("ab01", "AB01", "x'ab01'")) {
        RowHistory blob = history.find("blobs", key).rows().get(0);
        assertThat(blob.key()).isEqualTo("ab01");
        assertThat(label(blob.spans().get(0).until())).isEqualTo(label);
      }
      requireRefused(() -> history.find("odd \"name", "x"), "its key has 2 columns");
      requireRefused(() -> history.find("loose", "1"), "no primary key");
      requireRefused(() -> history.find("nothing", "1"), "has no table nothing");
      requireRefused(() -> history.findText("users", "nam", "x", 1), "has no column nam");
    }
  }

  private static void requireRefused(Runnable call, String why) {
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(call::run)
        .withMessageContaining(why);
  }

  @Test
  void what_was_changed_since_and_between_two_is_told_with_old_and_new_values() {
    Label first = lab.backup(1);
    lab.execute(
        "UPDATE users SET name = 'bea' WHERE id = 1",
        "DELETE FROM blobs",
        "INSERT INTO loose VALUES (1, 'same'), (1, NULL)");
    Label second = lab.backup(1);
    lab.execute("UPDATE users SET name = 'cleo' WHERE id = 1");
    try (TenantHistory history = backups.history(ONE)) {
      TenantHistory.Difference between = history.diff(first, second, 20);
      assertThat(table(between, "users").rows())
          .containsExactly(
              new RowChange(
                  RowChange.Kind.UPDATED,
                  Optional.of("1"),
                  Optional.empty(),
                  List.of("id", "tenant_id", "name", "photo"),
                  Arrays.asList("1", "1", "ann", null),
                  Arrays.asList("1", "1", "bea", null)));
      assertThat(table(between, "blobs").deleted()).isOne();
      assertThat(table(between, "loose").inserted()).isEqualTo(2);
      assertThat(table(between, "loose").unchanged()).isEqualTo(2);
      assertThat(table(history.diff(second, 20), "users").rows().get(0).after()).contains("cleo");
      assertThat(table(history.diff(second, second, 20), "users").isEmpty()).isTrue();
    }
  }

  private static TableChange table(TenantHistory.Difference difference, String name) {
    return difference.tables().stream()
        .filter(t -> t.table().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ten_thousand_changed_rows_are_counted_and_not_all_shown() {
    lab.execute(
        "INSERT INTO users (tenant_id, name) WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < 10000) SELECT 1, 'n' || i FROM n");
    Label label = lab.backup(1);
    lab.execute("UPDATE users SET name = name || '!' WHERE tenant_id = 1");
    try (TenantHistory history = backups.history(ONE)) {
      TableChange users = table(history.diff(label, 20), "users");
      assertThat(users.updated()).isEqualTo(10_001);
      assertThat(users.rows()).hasSize(20);
    }
  }

  @Test
  void people_who_were_erased_are_not_shown() {
    sevenPoints();
    Label label = lab.backup(1);
    lab.execute("INSERT INTO forgotten VALUES ('Anna'), ('ann')", "DELETE FROM users WHERE id = 1");
    try (TenantHistory history = backups.history(ONE)) {
      assertThat(history.findText("users", "name", "ann", 20).rows()).isEmpty();
      assertThat(history.find("users", "1").rows()).isEmpty();
      assertThat(table(history.diff(label, 20), "users").rows()).isEmpty();
    }
  }

  @Test
  void columns_and_tables_that_came_and_went_are_told() {
    lab.execute(
        "CREATE TABLE old (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "INSERT INTO old VALUES (1, 1)");
    Label first = lab.backup(1);
    lab.execute(
        "DROP TABLE old",
        "ALTER TABLE users ADD COLUMN age INTEGER",
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
        "INSERT INTO fresh VALUES (1, 1)");
    Label second = lab.backup(1);
    try (TenantHistory history = backups.history(ONE)) {
      TenantHistory.Difference difference = history.diff(first, second, 20);
      assertThat(difference.notes())
          .anyMatch(note -> note.contains("able old was dropped"))
          .anyMatch(note -> note.contains("Column users.age is newer"))
          .anyMatch(note -> note.contains("Table fresh is not in the older one"));
      assertThat(table(difference, "users").isEmpty()).isTrue();
      assertThat(history.find("fresh", "1").rows().get(0).spans())
          .singleElement()
          .satisfies(s -> assertThat(label(s.from())).isEqualTo(second));
    }
  }

  @Test
  void a_safety_archive_is_a_restore_point_too() {
    Label label = lab.backup(1);
    lab.execute("INSERT INTO users VALUES (5, 1, 'lost', NULL)");
    backups.restore(ONE, label);
    try (TenantHistory history = backups.history(ONE)) {
      RowHistory row = history.find("users", "5").rows().get(0);
      assertThat(row.spans().get(0).from().orElseThrow().isSafety()).isTrue();
      assertThat(row.isThere()).isFalse();
    }
  }

  @Test
  void another_tenants_archive_is_refused() {
    lab.backup(1);
    Label other = lab.backup(2);
    try (TenantHistory history = backups.history(ONE)) {
      requireRefused(() -> history.diff(other, 20), "is not of tenant 1");
      assertThatExceptionOfType(ArchiveNotFound.class)
          .isThrownBy(() -> history.diff(Label.parse("tenant_1_1999-01-01"), 20));
    }
  }

  @Test
  void an_archive_is_opened_once_and_a_damaged_one_is_named() throws Exception {
    List<Label> labels = sevenPoints();
    AtomicInteger opened = new AtomicInteger();
    ArchiveStore counting =
        Interposed.before(
            lab.store(),
            ArchiveStore.class,
            call -> {
              if (call.is("open")) {
                opened.incrementAndGet();
                if (call.first(Label.class).filter(labels.get(2)::equals).isPresent()) {
                  InputStream whole = (InputStream) Objects.requireNonNull(call.proceed());
                  byte[] half = whole.readAllBytes();
                  return new ByteArrayInputStream(half, 0, half.length / 2);
                }
              }
              return call.proceed();
            });
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    try (BackupService counted =
            BackupService.builder(lab.source(), counting).scratch(scratch).build();
        TenantHistory history = counted.history(ONE)) {
      opened.set(0);
      TenantHistory.Found found = history.find("users", "17");
      int first = opened.get();
      assertThat(first).isPositive();
      assertThat(found.unread())
          .singleElement()
          .satisfies(a -> assertThat(a.label()).isEqualTo(labels.get(2)));
      assertThat(found.rows().get(0).spans()).hasSize(3);

      assertThat(history.find("users", "1").rows()).hasSize(1);
      assertThat(history.diff(labels.get(0), labels.get(6), 20).tables()).isNotEmpty();

      assertThat(opened.get()).isEqualTo(first);
    }
    try (var left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }
}
