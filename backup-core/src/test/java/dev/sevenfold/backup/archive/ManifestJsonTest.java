package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.ArchiveManifest.Source;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.io.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {

  private static final ArchiveManifest MANIFEST =
      Content.tenant().with("files/blobs/ä b", "hello").manifest();
  private static final String JSON = new String(ManifestJson.write(MANIFEST), UTF_8);

  @Test
  void is_written_a_line_for_each_table_and_each_entry() {
    assertThat(JSON)
        .isEqualTo(
            """
            {
              "formatVersion": 1,
              "kind": "tenant",
              "purpose": "backup",
              "tenant": "42",
              "capturedAt": "2026-11-22T01:02:03.456Z",
              "libraryVersion": "0.1.0",
              "source": {
                "engine": "sqlite",
                "engineVersion": "3.54.1",
                "schemaVersion": 20261122,
                "schemaFingerprint": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
              },
              "tables": [
                {"name": "odd \\"name\\"/..", "rows": 3, "digest": "%s", "definition": "CREATE TABLE \\"odd \\"\\"name\\"\\"/..\\" (id INTEGER PRIMARY KEY,\\n  næme TEXT)", "indexes": ["CREATE INDEX i ON t (næme)"], "danglingReferences": 1}
              ],
              "entries": [
                {"name": "tenant.sqlite3", "size": 25, "sha256": "%s"},
                {"name": "files/blobs/ä b", "size": 5, "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}
              ],
              "missing": [
                "files/blobs/gone"
              ]
            }
            """
                .formatted(
                    "0".repeat(64), Sha256.hexOf("SQLite format 3, of sorts".getBytes(UTF_8))));
  }

  @Test
  void reads_what_it_wrote() {
    assertThat(ManifestJson.read(JSON.getBytes(UTF_8))).isEqualTo(MANIFEST);
  }

  @Test
  void dangling_references_of_every_type_read_back_and_are_left_out_where_there_are_none() {
    ListedReference own =
        new ListedReference(
            "users",
            List.of(),
            List.of("type", "id"),
            "b",
            List.of("k"),
            3,
            List.of(
                List.of("text:6100ff", "integer:-9223372036854775808"),
                List.of("blob:", "real:8000000000000000")));
    ListedReference others =
        new ListedReference(
            "s", List.of("k"), List.of("u"), "users", List.of("id"), 200_000, List.of());
    Table table = MANIFEST.tables().get(0);
    ArchiveManifest manifest =
        withTable(
            new Table(
                table.name(),
                table.rows(),
                table.digest(),
                table.definition(),
                table.indexes(),
                3,
                List.of(own),
                List.of(others),
                Optional.of(List.of(own))));

    byte[] json = ManifestJson.write(manifest);

    assertThat(ManifestJson.read(json)).isEqualTo(manifest);
    assertThat(new String(json, UTF_8)).contains("\"formatVersion\": 1,");
    assertThat(JSON).doesNotContain("\"dangling\"", "leftBehind", "toOthers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"int:1", "integer:1.5", "integer:9223372036854775808", "text:6", "real:00"})
  void a_value_that_is_written_otherwise_is_refused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ListedReference(
                    "t", List.of(), List.of("c"), "p", List.of("k"), 1, List.of(List.of(value))));
  }

  private static ArchiveManifest withTable(Table table) {
    return new ArchiveManifest(
        MANIFEST.kind(),
        MANIFEST.purpose(),
        MANIFEST.tenant(),
        MANIFEST.capturedAt(),
        MANIFEST.source(),
        MANIFEST.libraryVersion(),
        List.of(table),
        MANIFEST.entries(),
        MANIFEST.missing());
  }

  @Test
  void a_systems_manifest_without_a_schema_version_reads_back() {
    ArchiveManifest system =
        new ArchiveManifest(
            Kind.SYSTEM,
            Purpose.SAFETY,
            Optional.empty(),
            Content.CAPTURED_AT,
            new Source("sqlite", "3.54.1", OptionalLong.empty(), "none"),
            "",
            List.of(),
            MANIFEST.entries(),
            List.of());

    assertThat(ManifestJson.read(ManifestJson.write(system))).isEqualTo(system);
  }

  @Test
  void members_that_are_not_known_are_passed_over() {
    String json =
        JSON.replace(
                "\"formatVersion\": 1,",
                "\"later\": {\"a\": [1, {\"size\": 2}]}, \"formatVersion\": 1,")
            .replace("\"size\": 25", "\"size\": 25, \"owner\": \"app\", \"owner\": null");

    assertThat(ManifestJson.read(json.getBytes(UTF_8))).isEqualTo(MANIFEST);
  }

  @Test
  void the_order_of_members_does_not_matter() {
    String json =
        JSON.replace("\"formatVersion\": 1,", "")
            .replace("\"missing\":", "\"formatVersion\": 1, \"missing\":");

    assertThat(ManifestJson.read(json.getBytes(UTF_8))).isEqualTo(MANIFEST);
  }

  @Test
  void a_newer_format_is_refused_by_its_version_whatever_else_it_changed() {
    assertThatExceptionOfType(ArchiveNotReadable.class)
        .isThrownBy(() -> ManifestJson.read("{\"kind\": 7, \"formatVersion\": 3}".getBytes(UTF_8)))
        .withMessageContaining("format version 3")
        .withMessageContaining("up to version 2")
        .withMessageContaining("newer version of Sevenfold");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"formatVersion\": 1=\"formatVersion\": 0",
        "\"formatVersion\": 1=\"formatVersion\": 1.0",
        "\"formatVersion\": 1=\"formatVersion\": \"1\"",
        "\"formatVersion\": 1=\"formatVersion\": 99999999999999999999",
        "\"formatVersion\": 1,=",
        "\"kind\": \"tenant\"=\"kind\": \"other\"",
        "\"kind\": \"tenant\"=\"kind\": \"TENANT\"",
        "\"kind\": \"tenant\"=\"kind\": \"system\"",
        "\"kind\": \"tenant\"=\"kind\": null",
        "\"kind\": \"tenant\"=\"kind\": \"tenant\", \"kind\": \"tenant\"",
        "\"purpose\": \"backup\"=\"purpose\": \"\"",
        "\"tenant\": \"42\"=\"tenant\": 42",
        "\"tenant\": \"42\"=\"tenant\": \"\"",
        "\"tenant\": \"42\",=",
        "2026-11-22T01:02:03.456Z=2026-11-22T01:02:03Z",
        "2026-11-22T01:02:03.456Z=2026-11-22T01:02:03.456789Z",
        "2026-11-22T01:02:03.456Z=2026-11-22T01:02:03.456+01:00",
        "2026-11-22T01:02:03.456Z=2026-02-30T01:02:03.456Z",
        "\"size\": 25=\"size\": -1",
        "\"size\": 25=\"size\": 25.0",
        "\"size\": 25=\"size\": 1e3",
        "\"size\": 25=\"size\": 9223372036854775808",
        "\"size\": 25=\"size\": 9223372036854775807",
        "\"size\": 25=\"size\": 25, \"size\": 25",
        "\"size\": 25,=",
        "files/blobs/ä b=../ä b",
        "files/blobs/ä b=tenant.sqlite3",
        "tenant.sqlite3=tenant.db",
        "\"rows\": 3=\"rows\": -3",
        "\"indexes\": [=\"indexes\": [{}, ",
        "\"indexes\": [=\"indexes\": [[], ",
        "\"missing\": [=\"missing\": [null, ",
        "\"missing\": [=\"missing\": [] } [",
        "\"libraryVersion\": \"0.1.0\",=\"libraryVersion\": \"0.1.0\",,",
        "\"libraryVersion\": \"0.1.0\",=// a comment",
      })
  void a_malformed_manifest_is_refused(String replacement) {
    String[] parts = replacement.split("=", 2);
    assertThat(JSON).contains(parts[0]);

    assertRefused(
        JSON.replaceFirst(Pattern.quote(parts[0]), Matcher.quoteReplacement(parts[1]))
            .getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "1", "null", "\"\"", "{", "{}", "{} {}", "PK", "\ufeff{}"})
  void what_is_no_manifest_is_refused(String json) {
    assertRefused(json.getBytes(UTF_8));
  }

  @Test
  void a_manifest_cut_anywhere_is_refused() {
    byte[] json = JSON.strip().getBytes(UTF_8);
    for (int length = 0; length < json.length; length++) {
      assertRefused(Arrays.copyOf(json, length));
    }
  }

  @Test
  void anything_after_the_end_is_refused() {
    assertRefused((JSON + "x").getBytes(UTF_8));
    assertRefused((JSON + JSON).getBytes(UTF_8));
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused() {
    byte[] latin = JSON.getBytes(ISO_8859_1);

    assertRefused(latin);
    assertRefused(JSON.getBytes(UTF_16));
  }

  @Test
  void nesting_without_end_is_refused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertRefused(JSON.replace("\"kind\"", "\"later\": " + deep + ", \"kind\"").getBytes(UTF_8));
    assertRefused(deep.getBytes(UTF_8));
  }

  @Test
  void lists_without_end_are_refused() {
    String many = "\"a\",".repeat(ManifestParser.MOST_ELEMENTS);

    assertRefused(JSON.replace("\"missing\": [", "\"missing\": [" + many).getBytes(UTF_8));
  }

  @Test
  void a_string_without_end_is_refused() {
    String manifest = JSON.replace("\"0.1.0\"", '"' + "1".repeat(17 << 20) + '"');

    assertRefused(manifest.getBytes(UTF_8));
  }

  @Test
  void a_manifest_that_could_not_be_read_back_is_refused_before_it_is_written() {
    ArchiveManifest manifest =
        new ArchiveManifest(
            MANIFEST.kind(),
            MANIFEST.purpose(),
            MANIFEST.tenant(),
            MANIFEST.capturedAt(),
            MANIFEST.source(),
            "1".repeat(17 << 20),
            MANIFEST.tables(),
            MANIFEST.entries(),
            MANIFEST.missing());

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> ManifestJson.write(manifest))
        .withMessageContaining("String value length");
  }

  private static void assertRefused(byte[] json) {
    assertThatExceptionOfType(ArchiveCorrupt.class).isThrownBy(() -> ManifestJson.read(json));
  }
}
