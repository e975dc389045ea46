package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.report.RowHistory;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/support.md says in Java does what support is asked for. */
class SupportRequestsTest {

  private static final Path PAGE = Path.of("../docs/support.md");
  private static final Path ROWS = Path.of("../examples/adopt/support.sql");
  private static final Path SELF =
      Path.of("src/test/java/dev/sevenfold/backup/sqlite/SupportRequestsTest.java");
  private static final Pattern METHODS =
      Pattern.compile("^```java\n(void \\w+\\(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern STATEMENT_END = Pattern.compile(";\\s*\n");

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private BackupService backups;
  private Label label;
  private Map<String, List<String>> then;

  @BeforeEach
  void lose_a_customer_and_go_on() throws IOException {
    String[] statements =
        STATEMENT_END.splitAsStream(Files.readString(ROWS)).toArray(String[]::new);
    lab = Lab.with(folder, statements).owned(TenantModel.rootedAt("firms").column("firm_id"));
    backups = lab.service();
    label = lab.backup(1);
    then = lab.dump();
    lab.execute(
        "DELETE FROM customers WHERE id = 17",
        "UPDATE customers SET city = 'Rome' WHERE firm_id = 1",
        "INSERT INTO customers VALUES (19, 1, 'Ebba Kron', 'Vaasa')");
  }

  // As on the page, each one.

  void find(BackupService backups, TenantId tenant, Label label) {
    try (TenantHistory history = backups.history(tenant)) {
      for (RowHistory row : history.find("customers", "17").rows()) {
        row.goneSince().ifPresent(point -> System.out.println("gone since " + point.label()));
      }
      history.diff(label, 20).tables().forEach(System.out::println);
    }
  }

  void bringBack(BackupService backups, TenantId tenant, Label label) {
    RestorePlan shown = backups.preview(tenant, label, RestoreOptions.DEFAULT.creatingOnly());
    backups.restore(shown); // refused, with what differs, if it would be something else by now
  }

  void customers(BackupService backups, TenantId tenant, Label label) {
    backups.restore(tenant, label, RestoreOptions.DEFAULT.rows("customers", "17", "18"));
  }

  void cities(BackupService backups, TenantId tenant, Label label) {
    backups.restore(
        tenant,
        label,
        RestoreOptions.DEFAULT.doing(RestoreOptions.Change.UPDATE).only("customers.city"));
  }

  void everything(BackupService backups, TenantId tenant, Label label) {
    backups.restore(backups.preview(tenant, label));
    backups.undo(tenant);
  }

  void takeIn(BackupService backups, TenantId tenant, Path file) {
    Label imported = backups.importArchive(tenant, file).label();
    backups.restore(tenant, imported);
  }

  void leave(BackupService backups, TenantId tenant, Label label, Path file) throws IOException {
    try (InputStream archive = backups.open(label)) {
      Files.copy(archive, file);
    }
    backups.forget(tenant);
  }

  private String cities() {
    return lab.query("SELECT city FROM customers ORDER BY id");
  }

  @Test
  void what_was_deleted_comes_back_and_what_was_done_since_stays() {
    find(backups, ONE, label);
    bringBack(backups, ONE, label);

    assertThat(cities()).isEqualTo("Rome,Turku,Rome,Vaasa,Cork");
    assertThat(lab.rows("hours")).isEqualTo(then.get("hours"));
  }

  @Test
  void rows_and_columns_are_as_they_were() {
    customers(backups, ONE, label);
    assertThat(cities()).isEqualTo("Rome,Turku,Malmö,Vaasa,Cork");

    cities(backups, ONE, label);
    assertThat(cities()).isEqualTo("Bergen,Turku,Malmö,Vaasa,Cork");
  }

  @Test
  void everything_goes_back_and_that_is_taken_back() {
    Map<String, List<String>> now = lab.dump();
    everything(backups, ONE, label);

    assertThat(lab.dump()).isEqualTo(now);
  }

  @Test
  void a_copy_that_was_kept_is_taken_in() throws IOException {
    Path kept = folder.resolve("kept.tar.gz");
    try (InputStream archive = backups.open(label)) {
      Files.copy(archive, kept);
    }

    takeIn(backups, ONE, kept);

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void who_leaves_takes_a_copy_and_is_forgotten() throws IOException {
    Path kept = folder.resolve("anchor.tar.gz");
    leave(backups, ONE, label, kept);

    assertThat(backups.verify(kept).tenant()).contains(ONE);
    assertThat(backups.kept(ONE).isNothing()).isTrue();
  }

  @Test
  void the_page_shows_these() throws IOException {
    String self = Files.readString(SELF).replaceAll("\\s", "");
    List<String> methods =
        METHODS
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1).replaceAll("\\s", ""))
            .toList();

    assertThat(methods).hasSize(6).allSatisfy(method -> assertThat(self).contains(method));
  }
}
