package dev.sevenfold.backup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.job.DrillJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives are proven again, so that one that went bad is noticed before it is needed. */
class DrillTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId TWO = TenantId.of(2);

  @TempDir Path folder;
  SharedDatabase database;
  ArchiveStore store;
  BackupService backups;
  final List<String> heard = new ArrayList<>();
  final BackupListener listener =
      new BackupListener() {
        @Override
        public void drillFailed(Label label, BackupException failure) {
          heard.add(label + " " + failure.getClass().getSimpleName());
        }
      };

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 3, 2);
    store = DirectoryArchiveStore.at(folder.resolve("backups"));
    start();
  }

  private void start() {
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), store)
            .scratch(folder.resolve("scratch"))
            .listener(listener)
            .build();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  /** Makes a restore point that was proven so long ago. */
  private Label backup(TenantId tenant, String verifiedAt) {
    Label label = backups.backup(tenant).restorePoint().label();
    store.record(label, ArchiveRecord.NONE.withVerifiedAt(Instant.parse(verifiedAt)));
    return label;
  }

  private void damage(Label label, int at) throws IOException {
    Path file = StoreFiles.file(folder.resolve("backups"), label, ".tar.gz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    Files.write(file, bytes);
  }

  private static List<Label> proven(List<DrillOutcome> outcomes) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.verified().stream())
        .map(RestorePoint::label)
        .toList();
  }

  @Test
  void the_oldest_proof_of_every_tenant_is_renewed() {
    backup(ONE, "2026-01-02T00:00:00Z");
    Label oldest = backup(ONE, "2026-01-01T00:00:00Z");
    Label ofTwo = backup(TWO, "2026-01-03T00:00:00Z");

    List<DrillOutcome> outcomes = backups.drillAll();

    assertThat(outcomes).hasSize(2);
    assertThat(proven(outcomes)).containsExactly(oldest, ofTwo);
    assertThat(store.stat(oldest).record().verifiedAt().orElseThrow())
        .isAfter("2026-06-01T00:00:00Z");
    assertThat(heard).isEmpty();
  }

  @Test
  void as_many_runs_as_there_are_restore_points_prove_every_one() {
    List<Label> all = new ArrayList<>();
    List<Label> drilled = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      all.add(backup(ONE, "2026-01-0" + i + "T00:00:00Z"));
    }

    for (int i = 1; i <= 4; i++) {
      drilled.addAll(proven(backups.drill(ONE)));
    }

    assertThat(drilled).containsExactlyElementsOf(all);
  }

  @Test
  void one_that_went_bad_is_told_and_never_keeps_the_others_from_their_turn() throws IOException {
    Label bad = backup(ONE, "2026-01-01T00:00:00Z");
    Label first = backup(ONE, "2026-01-02T00:00:00Z");
    Label second = backup(ONE, "2026-01-03T00:00:00Z");
    Label ofTwo = backup(TWO, "2026-01-03T00:00:00Z");
    damage(bad, -40);

    List<DrillOutcome> outcomes = backups.drillAll();

    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.get(0).label()).isEqualTo(bad);
    assertThat(outcomes.get(0).failure().orElseThrow()).isInstanceOf(ArchiveCorrupt.class);
    assertThat(proven(outcomes)).containsExactly(ofTwo);
    assertThat(heard).containsExactly(bad + " ArchiveCorrupt");
    assertThat(store.stat(bad).record().verified()).isFalse();
    assertThat(proven(backups.drill(ONE))).containsExactly(first);
    assertThat(proven(backups.drill(ONE))).containsExactly(second);
    assertThat(heard).hasSize(3);
  }

  @Test
  void one_whose_head_went_bad_is_told_although_no_list_shows_it() throws IOException {
    Label bad = backup(ONE, "2026-01-01T00:00:00Z");
    damage(bad, 30);
    // The first one has read the head before.
    start();

    assertThat(backups.restorePoints(ONE)).isEmpty();
    assertThat(backups.drillAll())
        .singleElement()
        .matches(outcome -> outcome.failure().isPresent());
    assertThat(store.stat(bad).record().verified()).isFalse();
    store.record(bad, ArchiveRecord.NONE.withVerifiedAt(Instant.EPOCH));
    assertThatExceptionOfType(ArchiveCorrupt.class).isThrownBy(() -> backups.verify(bad));
    assertThat(store.stat(bad).record().verified()).isFalse();
  }

  @Test
  void what_undoes_a_committed_restore_is_proven_too() {
    Label label = backup(ONE, "2026-01-01T00:00:00Z");
    database.deleteAllOf(1);
    Label safety = backups.restore(ONE, label).safety().orElseThrow().label();
    store.record(safety, ArchiveRecord.NONE.withVerifiedAt(Instant.parse("2026-01-01T00:00:00Z")));

    assertThat(proven(backups.drill(ONE))).containsExactly(label, safety);
    assertThat(backups.undoPoint(ONE).orElseThrow().label()).isEqualTo(safety);
  }

  @Test
  void what_may_belong_to_a_restore_that_goes_on_is_left_alone() {
    Label label = backup(ONE, "2026-01-01T00:00:00Z");
    database.deleteAllOf(1);
    Label safety = backups.restore(ONE, label).safety().orElseThrow().label();

    assertThat(proven(backups.drillAll())).containsExactly(label);
    store.record(safety, ArchiveRecord.NONE);
    assertThat(proven(backups.drillAll())).containsExactly(label);
    assertThat(store.stat(safety).record().verified()).isFalse();
  }

  @Test
  void what_would_undo_a_restore_and_went_bad_is_not_offered() throws IOException {
    Label label = backup(ONE, "2026-01-01T00:00:00Z");
    database.deleteAllOf(1);
    Label safety = backups.restore(ONE, label).safety().orElseThrow().label();
    store.record(safety, ArchiveRecord.NONE.withVerifiedAt(Instant.parse("2026-01-01T00:00:00Z")));
    damage(safety, -40);

    backups.drillAll();

    assertThat(heard).containsExactly(safety + " ArchiveCorrupt");
    assertThat(backups.undoPoint(ONE)).isEmpty();
  }

  @Test
  void backups_of_the_system_are_proven_by_a_drill_of_their_own() throws IOException {
    try (SystemBackups system =
        SystemBackups.builder(store)
            .source(SqliteSystemSource.builder().database("primary", database.file()).build())
            .scratch(folder.resolve("scratch"))
            .listener(listener)
            .build()) {
      Label old = system.backup().point().label();
      Label bad = system.backup().point().label();
      store.record(old, ArchiveRecord.NONE.withVerifiedAt(Instant.parse("2026-01-01T00:00:00Z")));
      store.record(bad, ArchiveRecord.NONE);
      damage(bad, -40);
      backup(ONE, "2026-01-01T00:00:00Z");

      List<DrillOutcome> outcomes = system.drill();

      assertThat(outcomes).extracting(DrillOutcome::label).containsExactly(bad, old);
      assertThat(outcomes.get(0).failure().orElseThrow()).isInstanceOf(ArchiveCorrupt.class);
      assertThat(outcomes.get(1).verified().orElseThrow().verified()).isTrue();
      assertThat(heard).containsExactly(bad + " ArchiveCorrupt");
      assertThat(system.latest().label()).isEqualTo(old);
      assertThat(backups.drillAll()).hasSize(1);
    }
  }

  @Test
  void a_job_says_what_could_not_be_proven() throws IOException {
    backup(TWO, "2026-01-01T00:00:00Z");
    DrillJob job = BackupJobs.of(backups).drill();
    Firing firing = DrillJob.job().firing(Instant.EPOCH);
    assertThat(job.run(firing, Progress.none())).isInstanceOf(JobOutcome.Finished.class);
    Label bad = backup(ONE, "2026-01-01T00:00:00Z");
    damage(bad, -40);

    JobOutcome outcome = job.run(firing, Progress.none());

    assertThat(((JobOutcome.Failed) outcome).what())
        .startsWith("1 of the archives could not be proven: " + bad + ": ");
    assertThat(((JobOutcome.Failed) outcome).worthRetrying()).isFalse();
  }

  @Test
  void nothing_is_nothing() {
    assertThat(backups.drillAll()).isEmpty();
    assertThat(backups.drill(TWO)).isEmpty();
  }
}
