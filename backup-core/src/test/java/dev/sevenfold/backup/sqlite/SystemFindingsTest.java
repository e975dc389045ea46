package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong in a system, but whole, is backed up, told, and restored on consent. */
class SystemFindingsTest {

  @TempDir Path folder;
  private final ArchiveStore store = new InMemoryArchiveStore();
  private SystemWorld world;

  @BeforeEach
  void create() throws Exception {
    world = SystemWorld.create(folder.resolve("app"), 1);
  }

  /** One kind of finding: how it comes about, and what is told of it. */
  record Kind(String told, List<String> statements) {
    @Override
    public String toString() {
      return told;
    }
  }

  private static Kind kind(String told, String... statements) {
    return new Kind(told, List.of(statements));
  }

  private static Kind redefined(String told, String from, String to, String... statements) {
    return new Kind(
        told,
        Stream.concat(
                Stream.concat(Stream.of("CREATE TABLE odd " + from), Stream.of(statements)),
                Stream.of(
                    "PRAGMA writable_schema = 1",
                    "UPDATE sqlite_schema SET sql = 'CREATE TABLE odd "
                        + to
                        + "' WHERE name = 'odd'"))
            .toList());
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        redefined("NULL value in odd.x", "(x)", "(x NOT NULL)", "INSERT INTO odd VALUES (NULL)"),
        redefined("TEXT value in odd.x", "(x)", "(x INTEGER)", "INSERT INTO odd VALUES ('17')"),
        redefined(
            "non-INTEGER value in odd.x",
            "(x ANY) STRICT",
            "(x INTEGER) STRICT",
            "INSERT INTO odd VALUES ('seventeen')"),
        kind(
            "words",
            "CREATE VIRTUAL TABLE words USING fts5 (x)",
            "INSERT INTO words VALUES ('hello')",
            "DELETE FROM words_data WHERE id > 10"),
        kind(
            "words",
            "CREATE VIRTUAL TABLE words USING fts5 (x)",
            "INSERT INTO words VALUES ('hello')",
            "DELETE FROM words_config"),
        kind(
            "words",
            "CREATE VIRTUAL TABLE words USING fts4 (x)",
            "INSERT INTO words VALUES ('hello')",
            "UPDATE words_segdir SET root = x'00'"),
        kind(
            "boxes",
            "CREATE VIRTUAL TABLE boxes USING rtree (id, low, high)",
            "INSERT INTO boxes VALUES (1, 1, 2)",
            "UPDATE boxes_node SET data = x'0102'"));
  }

  private SystemBackups backups() {
    return SystemBackups.builder(store).source(world.source()).build();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void they_are_reported_and_restored_on_consent(Kind kind) throws Exception {
    SystemWorld.execute(world.primary(), kind.statements().toArray(String[]::new));
    try (SystemBackups backups = backups()) {
      SystemBackupReport report = backups.backup();

      assertThat(report.point().verified()).isTrue();
      assertThat(report.warnings())
          .anyMatch(line -> line.contains("primary") && line.contains(kind.told()));
      Label label = report.point().label();
      Path target = folder.resolve("target");
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> backups.restore(label, SqliteSystemTarget.builder(target).build()))
          .withMessageContaining(kind.told())
          .withMessageContaining("acceptFindings");
      try (Stream<Path> left = Files.list(target)) {
        assertThat(left).isEmpty();
      }

      assertThat(
              backups
                  .restore(label, SqliteSystemTarget.builder(target).acceptFindings().build())
                  .notes())
          .anyMatch(note -> note.contains(kind.told()));
      assertThat(target.resolve("production.sqlite3")).exists();
    }
  }

  @Test
  void many_of_them_do_not_hide_what_is_damaged() throws Exception {
    SystemWorld.execute(
        world.primary(),
        "CREATE TABLE odd (x)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO"
            + " odd SELECT NULL FROM n",
        "CREATE TABLE zebras (y)",
        "CREATE INDEX by_y ON zebras (y)",
        "INSERT INTO zebras VALUES (1)",
        "PRAGMA writable_schema = 1",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE odd (x NOT NULL)' WHERE name = 'odd'",
        // An index that another table's rows were never written to.
        "CREATE TABLE other (y)",
        "INSERT INTO other VALUES (1), (2)",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name ="
            + " 'zebras') WHERE name = 'by_y'");

    try (SystemBackups backups = backups()) {
      assertThatExceptionOfType(ArchiveCorrupt.class).isThrownBy(backups::backup);
    }
  }
}
