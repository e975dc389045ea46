package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UndoWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists believe records. Whoever uses an archive is given what was recorded, or nothing. */
class RecordedArchivesTest {

  @TempDir Path folder;
  UndoWorld world;
  Label first;
  Label second;

  @BeforeEach
  void back_up_twice() {
    world = new UndoWorld(folder);
    first = world.backup("first");
    second = world.backup("second");
  }

  private ArchiveRecord record(Label label) {
    return world.store().stat(label).record();
  }

  private void assertNobodyGets(Label label, String... why) {
    world.write("now");
    BackupService service = world.service();
    for (ThrowingCallable use :
        new ThrowingCallable[] {
          () -> service.restore(ONE, label),
          () -> service.preview(ONE, label),
          () -> service.open(label),
          () -> service.verify(label)
        }) {
      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(use)
          .satisfies(e -> assertThat(e.getMessage()).contains(why));
    }
    assertThat(world.word()).isEqualTo("now");
  }

  @Test
  void every_publication_has_a_record_of_what_the_archive_says_before_it_is_verified() {
    RestorePoint point = world.service().restorePoint(second);
    ArchiveRecord.Summary summary = record(second).summary().orElseThrow();

    assertThat(summary.digest()).isEqualTo(point.digest());
    assertThat(summary.capturedAt()).isEqualTo(point.capturedAt());
    assertThat(summary.sequence()).isEqualTo(point.sequence()).hasValue(2);
    world.forgetSummary(second);
    assertThat(world.service().restorePoint(second)).as("as its head says").isEqualTo(point);
    world.service().verify(second);
    assertThat(record(second).summary()).as("as its head says").contains(summary);
  }

  @Test
  void one_that_was_damaged_unseen_is_listed_until_it_is_verified_and_then_counts_for_nothing() {
    world.damageUnseen(second);
    assertThat(world.service().restorePoints(ONE)).allMatch(RestorePoint::verified).hasSize(2);

    assertNobodyGets(second, "archive");

    assertThat(record(second).verified()).isFalse();
    assertThat(world.service().restorePoints(ONE))
        .extracting(RestorePoint::label, RestorePoint::verified)
        .containsExactly(tuple(second, false), tuple(first, true));
    try (BackupService service =
        world.builder(world.store()).retention(RetentionPolicy.keepLast(1)).build()) {
      assertThat(service.planRetention(ONE).decisions())
          .allMatch(decision -> decision.action() == RetentionPlan.Action.KEEP);
      BackupStatus status = BackupHealth.builder(service).build().check(ONE);
      assertThat(status.lastVerified().orElseThrow().label()).isEqualTo(first);
    }
  }

  @Test
  void another_archive_in_its_place_is_told_by_what_was_expected_and_what_was_found() {
    RestorePoint expected = world.service().restorePoint(second);
    RestorePoint found = world.service().restorePoint(first);
    world.replaceUnseen(second, first);

    assertNobodyGets(
        second,
        second.value(),
        expected.capturedAt().toString(),
        expected.digest().hex(),
        "the number 2",
        found.capturedAt().toString(),
        found.digest().hex(),
        "the number 1",
        "bring the right one back from a copy");

    assertThat(record(second).verified()).isFalse();
    // Also not the next time, now that nobody takes it for verified any more.
    assertNobodyGets(second, expected.digest().hex());
  }

  @Test
  void another_tenants_archive_in_its_place_is_given_to_nobody() {
    Label other = world.service().backup(TenantId.of(2)).restorePoint().label();
    world.replaceUnseen(second, other);

    assertNobodyGets(second, "tenant 1", "tenant 2");
  }

  @Test
  void a_record_that_came_along_with_an_archive_to_another_tenants_label_counts_for_nothing()
      throws IOException {
    Label stolen = Label.parse(first.value().replace("tenant_1", "tenant_2"));
    Files.createDirectory(world.file(stolen).getParent());
    Files.copy(world.file(first), world.file(stolen));
    Files.copy(world.recordFile(first), world.recordFile(stolen));

    assertThat(world.service().restorePoints(TenantId.of(2))).isEmpty();
    assertThat(world.service().unreadableArchives(TenantId.of(2)))
        .singleElement()
        .matches(archive -> archive.reason().contains("is of tenant 1"));
    assertThatThrownBy(() -> world.service().restore(TenantId.of(2), stolen))
        .isInstanceOf(ArchiveCorrupt.class);
  }

  @Test
  void an_archive_that_was_put_into_the_folder_is_recorded_by_the_next_backup() throws IOException {
    byte[] bytes = Files.readAllBytes(world.file(first));
    RestorePoint before = world.service().restorePoint(first);
    ArchiveRecord recorded = record(first);
    world.store().delete(first);
    Files.write(world.file(first), bytes);
    assertThat(record(first)).isEqualTo(ArchiveRecord.NONE);

    world.backup("third");

    assertThat(record(first))
        .isEqualTo(ArchiveRecord.NONE.withSummary(recorded.summary().orElseThrow()));
    assertThat(world.service().restorePoint(first).sequence()).isEqualTo(before.sequence());
  }

  @Test
  void what_an_earlier_version_has_recorded_meanwhile_is_made_up_for() {
    ArchiveStore store = world.store();
    for (StoredArchive archive : store.list(ArchiveOwner.anyone()).archives()) {
      world.forgetSummary(archive.label());
    }
    store.record(first, record(first).withPinned(true));

    Label third = world.backup("third");

    assertThat(record(first).summary()).isPresent();
    assertThat(record(first).pinned()).isTrue();
    assertThat(record(first).verified()).isTrue();
    assertThat(record(third).sequence()).hasValue(3);
  }

  @Test
  void an_archive_can_be_fetched_byte_by_byte_if_it_is_the_one_that_was_recorded()
      throws IOException {
    try (InputStream in = world.service().open(first)) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(world.file(first)));
    }
    // Who has no key cannot tell, and may be the one to bring it to somebody who has.
    try (InputStream in = world.signing().open(first)) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(world.file(first)));
    }
  }
}
