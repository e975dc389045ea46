package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.AttachmentsWorld.NEW;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.OLD;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.journal.RestoreJournal;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal that cannot be completed or reverted stops its tenant, until that is put right. */
class JournalOfOneTenantTest {

  private static final TenantId OTHER = TenantId.of(2);

  @TempDir Path folder;
  private AttachmentsWorld world;
  private Label label;
  private final Recoveries listener = new Recoveries();
  private final List<String> recovered = listener.said;

  @BeforeEach
  void create() throws IOException {
    world = AttachmentsWorld.create(folder);
    label = world.label();
  }

  /** Kills a restore when its rows are committed and no file has moved. */
  private void killAfterCommit() {
    try (BackupService service = world.service(MortalDisk.dyingAtTheFirstMove())) {
      service.restore(TENANT, label);
    } catch (MortalDisk.Killed e) {
      assertThat(journal()).exists();
    }
  }

  private Path journal() {
    return RestoreJournal.place(
        world.folder().resolve("app.sqlite3"), TenantLocks.position(TENANT));
  }

  private void requireOthersGoOn(BackupService service) {
    Label other = service.backup(OTHER).restorePoint().label();
    world.lab("UPDATE tenants SET name = 'renamed' WHERE id = 2");
    service.preview(OTHER, other);
    service.restore(OTHER, other);
    service.undo(OTHER);
    world.lab("UPDATE tenants SET name = 'two' WHERE id = 2");
    assertThat(service.restorePoints(TENANT)).isNotEmpty();
    assertThat(service.backupAll()).hasSize(2).anyMatch(outcome -> outcome.tenant().equals(OTHER));
  }

  private void requireStopped(BackupService service, String why) {
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> service.backup(TENANT))
        .withMessageContaining(why);
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> service.undo(TENANT))
        .withMessageContaining(why);
  }

  @Test
  void a_folder_with_files_in_the_place_of_a_file_stops_its_tenant_until_it_is_away()
      throws IOException {
    killAfterCommit();
    Path place = world.file("a/4");
    Files.delete(place);
    Files.createDirectories(place.resolve("inner"));

    try (BackupService service = world.service(new DurableFiles(), listener)) {
      assertThat(recovered).as("not done").isEmpty();
      requireOthersGoOn(service);
      requireStopped(service, place + " could not be put in place: a folder with files");
      assertThat(world.file("a/6")).as("all others are").hasContent("then 6");

      new DurableFiles().deleteAll(place);
      service.backup(TENANT);
      assertThat(recovered).singleElement().asString().startsWith("Completed");
    }
    assertThat(world.generation()).isEqualTo(NEW);
    assertThat(world.leftovers()).isEmpty();
  }

  /** It names files to be replaced: followed as it is, it would replace one of another tenant's. */
  @Test
  void a_journal_of_which_a_letter_has_changed_is_not_followed() throws IOException {
    killAfterCommit();
    String written = Files.readString(journal(), StandardCharsets.ISO_8859_1);
    String changed = written.replaceAll("(target=.*)/a/2\\b", "$1/b/2");
    assertThat(changed).isNotEqualTo(written);
    Files.writeString(journal(), changed, StandardCharsets.ISO_8859_1);

    try (BackupService service = world.service(new DurableFiles(), listener)) {
      assertThat(recovered).isEmpty();
      requireOthersGoOn(service);
      requireStopped(service, "it has changed since it was written");
      assertThat(world.file("b/2")).hasContent("other 2");

      Files.writeString(journal(), written, StandardCharsets.ISO_8859_1);
      service.backup(TENANT);
    }
    assertThat(world.generation()).isEqualTo(NEW);
  }

  @Test
  void what_was_removed_with_its_folder_is_said_and_stops_nobody() throws IOException {
    killAfterCommit();
    new DurableFiles().deleteAll(world.file("gone"));
    Files.writeString(world.file("gone"), "a file where the folder was");

    try (BackupService service = world.service(new DurableFiles(), listener)) {
      assertThat(recovered)
          .singleElement()
          .asString()
          .startsWith("Completed")
          .endsWith("of which were removed meanwhile: [" + world.file("gone/deep/1") + "]");
      requireOthersGoOn(service);
      service.backup(TENANT);
    }
    assertThat(world.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0000\u0001garbage",
        "tenant=1\\uzzzz",
        "tenant=1\nmarker=x\ndone=maybe\nsafety.0=never",
        "tenant=\nmarker=x\ndone=true",
        "tenant=1\nmarker=x\ndone=false\nsteps=4\nstep.0.target=/x"
      })
  void a_journal_that_is_not_what_was_written(String content) throws IOException {
    Files.write(journal(), content.getBytes(StandardCharsets.UTF_8));

    try (BackupService service = world.service(new DurableFiles(), listener)) {
      assertThat(recovered).isEmpty();
      requireOthersGoOn(service);
      requireStopped(service, "Bring the journal back from a copy");

      Files.delete(journal());
      service.backup(TENANT);
    }
    assertThat(world.generation()).isEqualTo(OLD);
  }

  @Test
  void a_journal_of_before_with_names_that_are_too_long_is_reverted() throws IOException {
    Path target = world.file("a/" + "r".repeat(255));
    Files.writeString(
        journal(),
        String.join(
            "\n",
            "tenant=1",
            "marker=sevenfold_restore_0123456789abcdef0123456789abcdef",
            "done=false",
            "step.0.fresh=" + target + ".sevenfold_restore_0123456789abcdef0123456789abcdef",
            "step.0.target=" + target,
            "step.1.fresh=" + world.file("a/1/no/folder.sevenfold_restore_0"),
            "step.1.target=" + world.file("a/1/no/folder")));

    try (BackupService service = world.service(new DurableFiles(), listener)) {
      assertThat(recovered).singleElement().asString().startsWith("Reverted");
      service.backup(TENANT);
    }
    assertThat(world.generation()).isEqualTo(OLD);
    assertThat(world.leftovers()).isEmpty();
  }

  @Test
  void new_files_are_laid_beside_their_places_under_short_names() throws IOException {
    killAfterCommit();

    try (Stream<Path> files = Files.walk(world.folder().resolve("files"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith(".sevenfold_restore_"))
          .isNotEmpty()
          .allMatch(name -> name.length() < 40);
    }
    world.service(new DurableFiles()).close();
    assertThat(world.generation()).isEqualTo(NEW);
  }
}
