package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.io.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemManifestTest {

  private static final String DIGEST = Sha256.hexOf(new byte[0]);
  private static final ArchiveManifest MANIFEST =
      manifest(
          Kind.SYSTEM,
          new SystemPlace(Role.DATABASE, "primary", "db/production.sqlite3"),
          new SystemPlace(Role.TREE, "uploads", SystemPlace.HERE),
          new SystemPlace(Role.REBUILT, "cache", "cache.sqlite3"));

  @Test
  void places_and_modes_are_read_as_they_were_written() {
    String json = new String(ManifestJson.write(MANIFEST), UTF_8);

    assertThat(ManifestJson.read(json.getBytes(UTF_8))).isEqualTo(MANIFEST);
    assertThat(json)
        .contains("{\"role\": \"tree\", \"name\": \"uploads\", \"path\": \".\"}")
        .contains("\"mode\": \"640\"}");
  }

  @Test
  void entries_are_named_by_the_name_of_their_place() {
    assertThat(MANIFEST.places().get(0).databaseEntry()).isEqualTo("databases/primary.sqlite3");
    assertThat(MANIFEST.places().get(1).treePrefix()).isEqualTo("trees/uploads/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/etc/passwd", "a/../../x", "", "a\\\\b", "c:x"})
  void a_place_outside_of_the_folder_is_refused(String path) {
    String json =
        new String(ManifestJson.write(MANIFEST), UTF_8).replace("db/production.sqlite3", path);

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> ManifestJson.read(json.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "-x", "a b"})
  void a_name_that_is_not_plain_is_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SystemPlace(Role.DATABASE, name, "x"));
  }

  @Test
  void only_a_tree_can_be_the_folder_itself() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SystemPlace(Role.DATABASE, "primary", SystemPlace.HERE));
  }

  @Test
  void two_places_of_one_name_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                manifest(
                    Kind.SYSTEM,
                    new SystemPlace(Role.DATABASE, "x", "a"),
                    new SystemPlace(Role.TREE, "x", "b")))
        .withMessageContaining("name x");
  }

  @Test
  void a_mode_cannot_hand_out_rights_beyond_those_to_read_write_and_execute() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry("a", 1, DIGEST, OptionalInt.of(04755), Optional.empty()));
  }

  private static ArchiveManifest manifest(Kind kind, SystemPlace... places) {
    return new ArchiveManifest(
        kind,
        Purpose.BACKUP,
        Optional.empty(),
        Content.CAPTURED_AT,
        Content.SOURCE,
        "0.1.0",
        List.of(),
        List.of(
            new Entry("databases/primary.sqlite3", 1, DIGEST),
            new Entry("trees/uploads/a", 1, DIGEST, OptionalInt.of(0640), Optional.empty())),
        List.of(),
        List.of(places),
        List.of(),
        List.of(),
        OptionalLong.empty(),
        Optional.empty());
  }
}
