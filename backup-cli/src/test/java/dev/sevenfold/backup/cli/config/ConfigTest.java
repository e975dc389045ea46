package dev.sevenfold.backup.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.schema.DatabaseSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {

  /** As in the contract of the command line. */
  private static final String FULL =
      """
      database: /srv/app/storage/production.sqlite3   # path of a SQLite file
      tenants:
        table: tenants            # the root: one row a tenant
        key: id                   # default: its primary key
        column: tenant_id         # tables that have it are owned through it
        owned:                    # what neither the column nor a declared foreign key shows
          - {table: tasks, column: owner_ref}
          - {table: notes, references: {author_id: users.id}}
          - {table: taggings, polymorphic: {type: taggable_type, id: taggable_id, targets: {Customer: customers, User: users}}}
          - {table: blobs, referenced_by: attachments.blob_id}
          - {table: pictures, referenced_by: [pages.picture_id, users.avatar_id], through: album_id}
          - {table: 2024, references: {1: 2023.id}}
        shared: [countries, schema_migrations]
        ignored: ["solid_queue_*", sessions]
        files:
          - {root: /srv/app/storage, table: blobs, path: "{key[0..2]}/{key[2..4]}/{key}"}
      system:
        databases: {primary: /srv/app/storage/production.sqlite3}
        rebuilt: {cache: /srv/app/storage/production_cache.sqlite3}
        files: {uploads: /srv/app/storage/uploads}
        exclude: ["*.tmp", previews/large]
        mode: "660"
      store: {directory: /srv/backups}
      retention: {keep_last: 7}
      labels: {zone: UTC}
      """;

  @TempDir Path folder;

  @Test
  void reads_every_key_of_the_contract() throws IOException {
    Config config = read(FULL);

    assertThat(config.requireDatabase()).isEqualTo(Path.of("/srv/app/storage/production.sqlite3"));
    assertThat(config.requireTenants().files()).hasSize(1);
    assertThat(config.store()).isEqualTo(new StoreSettings.Directory(Path.of("/srv/backups")));
    assertThat(config.system().orElseThrow())
        .isEqualTo(
            new SystemSettings(
                Map.of("primary", Path.of("/srv/app/storage/production.sqlite3")),
                Map.of("cache", Path.of("/srv/app/storage/production_cache.sqlite3")),
                Map.of("uploads", Path.of("/srv/app/storage/uploads")),
                List.of("*.tmp", "previews/large"),
                Optional.of("660"),
                Optional.empty()));
    assertThat(config.retention().toString()).startsWith("the last 7");
    assertThat(config.zone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(config.busyTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.compression()).isEqualTo(Compression.GZIP);
  }

  @Test
  void reads_which_rows_are_owned_by_those_that_name_them_by_type() throws IOException {
    Config config =
        read(
            """
            store: {directory: b}
            tenants:
              table: accounts
              column: account_id
              owned:
                - {table: entries, delegated: {type: entryable_type, id: entryable_id, targets: {Message: messages}}}
            """);

    assertThat(
            explained(
                config,
                table("accounts", "id"),
                table("entries", "id", "account_id", "entryable_type", "entryable_id"),
                table("messages", "id")))
        .contains("messages  owned: referenced by entries(entryable_id) where entryable_type =");
  }

  private static DatabaseSchema.Table table(String name, String... columns) {
    List<String> key = List.of("id");
    return new DatabaseSchema.Table(
        name, DatabaseSchema.TableKind.ORDINARY, List.of(columns), key, key, List.of());
  }

  private static String explained(Config config, DatabaseSchema.Table... tables) {
    return config.requireTenants().resolve(new DatabaseSchema(List.of(tables))).explain();
  }

  @Test
  void takes_paths_from_the_folder_of_the_file_or_from_home() throws IOException {
    Config config =
        read(
            """
            database: data/../app.sqlite3
            store: {directory: ~/backups}
            scratch: ~
            """);

    Path home = Path.of(System.getProperty("user.home"));
    assertThat(config.requireDatabase()).isEqualTo(folder.resolve("app.sqlite3"));
    assertThat(config.store()).isEqualTo(new StoreSettings.Directory(home.resolve("backups")));
    assertThat(config.scratch()).contains(home);
  }

  @Test
  void reads_the_settings_beyond_the_contract() throws IOException {
    Config config =
        read(
            """
            store: {directory: b}
            retention: {keep_last: 3, keep_within: 10d, daily: 7, weekly: 4, monthly: 12, yearly: 5}
            labels: {zone: Europe/Copenhagen}
            busy_timeout: 500ms
            compression: zstd
            """);

    assertThat(config.retention().toString()).contains("the last 3").contains("12");
    assertThat(config.zone()).isEqualTo(ZoneId.of("Europe/Copenhagen"));
    assertThat(config.busyTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.compression()).isEqualTo(Compression.ZSTD);
  }

  @Test
  void reads_an_sftp_store() throws IOException {
    Config config =
        read(
            "store: {sftp: {host: backup.example, user: app, path: /Hetzner/mortimer,"
                + " key: id_ed25519, known_hosts: /etc/app/known_hosts}}");

    assertThat(config.store())
        .isInstanceOfSatisfying(
            StoreSettings.Sftp.class,
            sftp -> {
              assertThat(sftp.host()).isEqualTo("backup.example");
              assertThat(sftp.port()).isEqualTo(22);
              assertThat(sftp.user()).isEqualTo("app");
              assertThat(sftp.path()).isEqualTo("/Hetzner/mortimer");
              assertThat(sftp.login().key()).contains(folder.resolve("id_ed25519"));
              assertThat(sftp.knownHosts()).contains(Path.of("/etc/app/known_hosts"));
            });
  }

  @Test
  void the_first_database_of_a_system_stays_the_first() throws IOException {
    Config config =
        read(
            """
            store: {directory: b}
            system: {databases: {zebra: z, main: m, queue: q, cable: c, alpha: a}}
            """);

    // The folder of the first one is where the others are seen from.
    assertThat(config.system().orElseThrow().databases().keySet())
        .containsExactly("zebra", "main", "queue", "cable", "alpha");
  }

  private Config read(String yaml) throws IOException {
    return Config.read(Files.writeString(folder.resolve("sevenfold.yml"), yaml));
  }

  @Test
  void switches_jitter_off_with_zero() throws IOException {
    for (String none : new String[] {"0s", "0", "0m"}) {
      Path file = folder.resolve("jitter.yml");
      Files.writeString(file, "store: {directory: b}\njobs: {jitter: " + none + "}\n");

      assertThat(Config.read(file).jobs().jitter()).isZero();
    }
  }
}
