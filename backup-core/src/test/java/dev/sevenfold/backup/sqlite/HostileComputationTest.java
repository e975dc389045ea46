package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.service.Verifier;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive's own expressions are computed within bounds, wherever they are computed. */
class HostileComputationTest {

  private static final String DOCS =
      "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT, n%s)";

  private static final Duration LONGEST = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Lab lab;
  private ForgedArchive forged;

  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
            DOCS.formatted(""),
            "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
            "INSERT INTO docs VALUES (1, 1, 'a', 1), (2, 1, 'b', 2), (3, 2, 'c', 3)");
    forged = ForgedArchive.of(lab, folder.resolve("forgery"));
  }

  private void computing(String column) throws SQLException {
    forged
        .sql(
            "DROP TABLE docs",
            DOCS.formatted(column),
            "INSERT INTO docs (id, tenant_id, body) VALUES (1, 1, 'a')")
        .honestTables();
  }

  private void assertRefused(String... words) throws IOException {
    Path archive = forged.write();
    Instant before = Instant.now();
    try (BackupService service = lab.service()) {
      assertThatExceptionOfType(ArchiveNotReadable.class)
          .isThrownBy(() -> service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT))
          .satisfies(e -> List.of(words).forEach(word -> assertThat(e).hasMessageContaining(word)));
    }
    assertThat(Duration.between(before, Instant.now())).isLessThan(LONGEST);
  }

  @Test
  void a_computed_column_that_makes_hundreds_of_megabytes_is_refused_at_once() throws Exception {
    computing(" TEXT AS (hex(zeroblob(300000000)))");
    assertRefused("beyond the bounds", "1048576 bytes");
  }

  @Test
  void one_that_only_a_restore_would_read_is_refused_too() throws Exception {
    computing(" AS (zeroblob(300000000))");
    Path archive = forged.write();
    try (BackupService service = lab.service()) {
      Label label = service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT).label();
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.preview(Lab.id(1), label))
          .withMessageContaining("too big");
    }
  }

  @Test
  void thousands_of_tables_are_read_in_seconds_and_more_than_anybody_has_are_refused()
      throws Exception {
    tables(9_990);
    Path archive = forged.honestTables().write();
    Instant before = Instant.now();
    assertThat(
            Verifier.verify(
                    archive,
                    ArchiveReader.withDefaults(),
                    SqliteVerifier.plain(),
                    folder,
                    Progress.none())
                .rows())
        .isEqualTo(3);
    assertThat(Duration.between(before, Instant.now())).isLessThan(LONGEST);

    tables(10_001);
    forged.honestTables();
    assertRefused("has 10001 tables, and the bound is 10000");
  }

  private void tables(int number) throws SQLException {
    try (Session session = Session.scratch(forged.database())) {
      long there = session.queryLong("SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
      session.begin();
      for (long i = there; i < number; i++) {
        session.execute("CREATE TABLE t" + i + " (a)");
      }
      session.commit();
    }
  }
}
