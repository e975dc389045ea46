package dev.sevenfold.backup.naming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import dev.sevenfold.backup.schema.DatabaseSchema.TableKind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownTablesTest {

  @ParameterizedTest
  @CsvSource({
    "solid_queue_jobs, id, solid_queue_*, false",
    "QRTZ_TRIGGERS, id, qrtz_*, false",
    "jobs, id queue payload, jobs, false",
    "sessions, id user_id ip_address, sessions, false",
    "django_session, session_key, django_session, false",
    "cache, key value expiration, cache, false",
    "schema_migrations, version, schema_migrations, true",
    "migrations, id migration batch, migrations, true",
    "__EFMigrationsHistory, MigrationId, __EFMigrationsHistory, true"
  })
  void knows_what_frameworks_bring(String name, String columns, String names, boolean shared) {
    assertThat(KnownTables.find(table(name, columns)))
        .hasValueSatisfying(
            known -> {
              assertThat(known.names()).isEqualTo(names);
              assertThat(known.isShared()).isEqualTo(shared);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "content_blocks, id body",
    "training_sessions, id starts_at",
    "sessions, id title speaker",
    "jobs, id title salary",
    "job_offers, id title",
    "page_cache_settings, id",
    "bird_migrations, id species",
    "migrations, id species route",
    "locks, id door"
  })
  void knows_nothing_by_a_part_of_a_name_or_by_a_word_of_many_meanings(
      String name, String columns) {
    assertThat(KnownTables.find(table(name, columns))).isEmpty();
  }

  private static Table table(String name, String columns) {
    return new Table(
        name,
        TableKind.ORDINARY,
        List.of(columns.split(" ", 0)),
        List.of(),
        List.of("id"),
        List.of());
  }
}
