package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveManifestTest {

  private static final String DIGEST = "0".repeat(64);
  private static final Entry DATABASE = entry(ArchiveManifest.TENANT_DATABASE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "files/../../x",
        "files/..",
        ".",
        "./x",
        "files/./x",
        "files//x",
        "files/",
        "files\\x",
        "C:/x",
        "c:x",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "half\ud83d",
      })
  void a_name_that_is_no_plain_path_is_refused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> entry(name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(List.of(DATABASE), List.of(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"...", "..x", "files/a:b", "files/ä/\ud83d\ude00", "con", "-rf", "~", "a b", "*"})
  void a_name_that_is_only_odd_is_accepted(String name) {
    assertThat(entry(name).name()).isEqualTo(name);
  }

  @Test
  void a_name_without_end_is_refused_and_not_repeated_in_full() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void a_message_has_no_line_of_its_own_in_a_log() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("a\nERROR you were hacked\u202e"))
        .withMessageContaining("a\\u{a}ERROR")
        .withMessageContaining("\\u{202e}");
  }

  @Test
  void two_entries_of_one_name_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(DATABASE, entry("files/x"), entry("files/x")));
  }

  @Test
  void a_file_that_is_another_ones_folder_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(DATABASE, entry("files/x/y"), entry("files/x")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(DATABASE, entry("manifest.json/x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "manifest.sig"})
  void the_archives_own_names_are_refused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(DATABASE, entry(name)));
  }

  @Test
  void sizes_that_wrap_around_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                manifest(
                    DATABASE,
                    new Entry("a", Long.MAX_VALUE, DIGEST),
                    new Entry("b", Long.MAX_VALUE, DIGEST)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "xyz"})
  void what_is_no_digest_is_refused(String digest) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Entry("a", 1, digest));
  }

  @Test
  void a_tenants_archive_needs_its_database() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(entry("files/x")))
        .withMessageContaining("tenant.sqlite3");
  }

  @Test
  void an_archive_of_nothing_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ArchiveManifest(
                    Kind.SYSTEM,
                    Purpose.BACKUP,
                    Optional.empty(),
                    Content.CAPTURED_AT,
                    Content.SOURCE,
                    "0.1.0",
                    List.of(),
                    List.of(),
                    List.of()));
  }

  @Test
  void an_instant_that_the_format_cannot_hold_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ArchiveManifest(
                    Kind.SYSTEM,
                    Purpose.BACKUP,
                    Optional.empty(),
                    Instant.parse("2026-11-22T01:02:03.456789Z"),
                    Content.SOURCE,
                    "0.1.0",
                    List.of(),
                    List.of(DATABASE),
                    List.of()))
        .withMessageContaining("finer than a millisecond");
  }

  @Test
  void bytes_and_rows_are_added_up() {
    ArchiveManifest manifest = manifest(DATABASE, entry("files/x"));

    assertThat(manifest.bytes()).isEqualTo(2);
    assertThat(manifest.rows()).isEqualTo(3);
  }

  private static Entry entry(String name) {
    return new Entry(name, 1, DIGEST);
  }

  private static ArchiveManifest manifest(Entry... entries) {
    return manifest(Stream.of(entries).toList(), List.of());
  }

  private static ArchiveManifest manifest(List<Entry> entries, List<String> missing) {
    ArchiveManifest manifest = Content.manifest(entries);
    return new ArchiveManifest(
        manifest.kind(),
        manifest.purpose(),
        manifest.tenant(),
        manifest.capturedAt(),
        manifest.source(),
        manifest.libraryVersion(),
        manifest.tables(),
        manifest.entries(),
        missing);
  }
}
