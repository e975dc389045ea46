package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tenants and support can do while a replica of a mirror does not answer. */
class MirrorOutageTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private final Outage hereIsDown = new Outage("this machine", new InMemoryArchiveStore());
  private final Outage thereIsDown = new Outage("another machine", new InMemoryArchiveStore());
  private final ArchiveStore here = hereIsDown.store();
  private final ArchiveStore there = thereIsDown.store();
  private final MirroredArchiveStore mirror = MirroredArchiveStore.of(here, there);
  private final List<String> heard = new ArrayList<>();
  private SharedDatabase database;
  private BackupService backups;
  private Label label;

  /** What the service is given. */
  ArchiveStore seen(MirroredArchiveStore store) {
    return store;
  }

  @BeforeEach
  void back_up() {
    database = SharedDatabase.create(folder, 2, 7);
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), seen(mirror))
            .scratch(folder.resolve("scratch"))
            .listener(
                new BackupListener() {
                  @Override
                  public void replicaUnavailable(StoreUnavailable outage) {
                    heard.add(outage.getMessage());
                  }
                })
            .build();
    label = backups.backup(ONE).restorePoint().label();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  private Path download() throws IOException {
    Path file = folder.resolve("kept-by-the-tenant");
    try (InputStream in = backups.open(label)) {
      Files.copy(in, file);
    }
    return file;
  }

  @Test
  void what_is_taken_in_is_pinned_and_proven_here_and_everywhere_later() throws IOException {
    Path file = download();
    thereIsDown.begin();

    assertThatThrownBy(() -> backups.importArchive(ONE, file))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("another machine: The machine is off");

    RestorePoint taken =
        backups.restorePoints(ONE).stream().filter(RestorePoint::pinned).findFirst().orElseThrow();
    assertThat(taken.verified()).isTrue();
    // Nobody knows whether the other machine has the plain label of the day.
    assertThat(taken.label().value()).matches("tenant_1_\\d{4}-\\d\\d-\\d\\d-\\d+");
    backups.restore(ONE, taken.label());
    thereIsDown.end();
    mirror.catchUp();
    assertThat(there.stat(taken.label()).record()).isEqualTo(here.stat(taken.label()).record());
    assertThat(there.stat(taken.label()).record().pinned()).isTrue();
    assertThat(backups.verify(taken.label()).verified()).isTrue();
  }

  @Test
  void a_hold_that_one_place_missed_holds_and_while_one_is_silent_nobody_deletes() {
    backups.backup(ONE);
    thereIsDown.begin();
    backups.pin(label, "a claim");
    assertThatThrownBy(() -> backups.delete(label)).isInstanceOf(StoreUnavailable.class);
    thereIsDown.end();

    assertThatThrownBy(() -> backups.delete(label))
        .isInstanceOf(RestoreRefused.class)
        .hasMessageContaining(label + " is held, and stays: a claim");
    backups.pin(label);
    assertThat(backups.restorePoint(label).hold()).contains("a claim");
    assertThat(here.stat(label).record().pinned()).isTrue();
    assertThat(there.stat(label).label()).isEqualTo(label);

    backups.release(label);
    assertThat(backups.restorePoint(label).hold()).isEmpty();
    thereIsDown.begin();
    assertThatThrownBy(() -> backups.delete(label)).isInstanceOf(StoreUnavailable.class);
    assertThat(here.stat(label).label()).isEqualTo(label);
    thereIsDown.end();
    backups.delete(label);
    assertThatThrownBy(() -> there.stat(label)).isInstanceOf(ArchiveNotFound.class);
  }

  @Test
  void a_restore_and_its_undo_work_from_the_first_place_and_say_what_is_missing() {
    thereIsDown.begin();
    database.deleteAllOf(1);

    Label safety = backups.restore(ONE, label).safety().orElseThrow().label();

    assertThat(heard)
        .hasSize(1)
        .first()
        .asString()
        .contains("Archive " + safety + " is kept in this machine, but not everywhere");
    assertThat(backups.undoPoint(ONE).orElseThrow().label()).isEqualTo(safety);
    backups.undo(ONE);
    assertThat(backups.safetyPoints(ONE)).hasSize(2);
  }

  @Test
  void lists_show_what_is_in_the_place_that_answers_and_tell_once() {
    hereIsDown.begin();

    assertThat(backups.restorePoints(ONE)).extracting(RestorePoint::label).containsExactly(label);
    assertThat(backups.restorePoints(ONE)).hasSize(1);
    assertThat(backups.preview(ONE, label).conflicts()).isEmpty();

    assertThat(heard).hasSize(1).first().asString().contains("The machine is off");
    hereIsDown.end();
    assertThat(backups.restorePoints(ONE)).hasSize(1);
    hereIsDown.begin();
    assertThat(backups.restorePoints(ONE)).hasSize(1);
    assertThat(heard).hasSize(2);
  }

  @Test
  void nothing_is_undone_while_the_last_restore_may_be_in_the_place_that_is_silent() {
    database.deleteAllOf(1);
    backups.restore(ONE, label);
    database.deleteAllOf(1);
    hereIsDown.begin();

    assertThatThrownBy(() -> backups.undo(ONE)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> backups.restore(ONE, label)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void retention_is_not_planned_by_a_list_that_lacks_a_place() {
    hereIsDown.begin();

    assertThatThrownBy(() -> backups.planRetention(ONE)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void nothing_is_deleted_while_a_place_is_silent() {
    backups.backup(ONE);
    thereIsDown.begin();
    BackupService one =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), seen(mirror))
            .scratch(folder.resolve("scratch-of-one"))
            .retention(RetentionPolicy.keepLast(1))
            .build();

    assertThatThrownBy(() -> one.backup(ONE)).isInstanceOf(StoreUnavailable.class);

    assertThat(here.list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::label)
        .contains(label)
        .hasSize(3);
    one.close();
  }

  @Test
  void health_names_the_place() {
    thereIsDown.begin();

    HealthReport report = BackupHealth.builder(backups).build().check();

    assertThat(report.silentReplicas()).containsExactly("another machine");
    assertThat(report.all().filter(status -> status.lastVerified().isPresent())).hasSize(1);
    thereIsDown.end();
    assertThat(BackupHealth.builder(backups).build().check().silentReplicas()).isEmpty();
  }
}
