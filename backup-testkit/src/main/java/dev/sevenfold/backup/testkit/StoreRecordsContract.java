package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.assertAbsent;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A record lives and dies with its archive, and never touches its bytes. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreRecordsContract extends StoreSubject {

  @Test
  default void the_last_record_wins() throws Exception {
    try (ArchiveStore store = newStore()) {
      Instant verifiedAt = Instant.parse("2026-11-22T12:34:56.789Z");
      store.publish(backup("1", 0), content(bytes(1, 100)));

      for (ArchiveRecord record :
          List.of(
              ArchiveRecord.NONE.withPinned(true),
              ArchiveRecord.NONE.withVerifiedAt(verifiedAt),
              ArchiveRecord.NONE.withVerifiedAt(verifiedAt).withPinned(true),
              ArchiveRecord.NONE.withSequence(OptionalLong.of(1)),
              ArchiveRecord.NONE
                  .withVerifiedAt(verifiedAt)
                  .withPinned(true)
                  .withSequence(OptionalLong.of(Long.MAX_VALUE)),
              Archives.record("1", 1),
              Archives.record("1", 2).withVerifiedAt(verifiedAt).withPinned(true),
              ArchiveRecord.NONE.withTrusted(true),
              ArchiveRecord.NONE.withHold("case 7: \"Ø\" v. \\1"),
              Archives.record("1", 1).withHold("x".repeat(200)),
              ArchiveRecord.NONE)) {
        StoredArchive recorded = store.record(backup("1", 0), record);

        assertThat(recorded).isEqualTo(new StoredArchive(backup("1", 0), 100, record));
        assertThat(store.stat(backup("1", 0))).isEqualTo(recorded);
        assertThat(reopen(store).list(ArchiveOwner.anyone()).complete()).containsExactly(recorded);
      }
      assertHolds(store, backup("1", 0), bytes(1, 100));
    }
  }

  @Test
  default void the_record_of_one_archive_is_not_that_of_another() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 0).next(), content(bytes(2, 100)));
      store.publish(backup("10", 0), content(bytes(3, 100)));

      store.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true));

      assertThat(store.stat(backup("1", 0)).record().pinned()).isTrue();
      assertThat(store.stat(backup("1", 0).next()).record()).isEqualTo(ArchiveRecord.NONE);
      assertThat(store.stat(backup("10", 0)).record()).isEqualTo(ArchiveRecord.NONE);
    }
  }

  @Test
  default void what_is_not_there_cannot_be_recorded() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThatThrownBy(() -> store.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true)))
          .isInstanceOf(ArchiveNotFound.class);

      assertAbsent(store, backup("1", 0));
      store.publish(backup("1", 0), content(bytes(1, 100)));
      assertThat(store.stat(backup("1", 0)).record()).isEqualTo(ArchiveRecord.NONE);
    }
  }

  @Test
  default void records_set_at_a_time_are_never_mixed() throws Exception {
    try (ArchiveStore store = newStore();
        Together threads = new Together()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      ArchiveRecord one = ArchiveRecord.NONE.withPinned(true);
      ArchiveRecord two = ArchiveRecord.NONE.withVerifiedAt(Archives.NOON);
      ArchiveStore view = reopen(store);
      Callable<ArchiveRecord> recorder = () -> repeatedly(store, one);
      Callable<ArchiveRecord> rival = () -> repeatedly(view, two);

      threads.run(List.of(recorder, rival));

      assertThat(store.stat(backup("1", 0)).record()).isIn(one, two);
    }
  }

  private static ArchiveRecord repeatedly(ArchiveStore store, ArchiveRecord record) {
    for (int i = 0; i < 10; i++) {
      store.record(backup("1", 0), record);
      assertThat(store.stat(backup("1", 0)).record()).isNotEqualTo(ArchiveRecord.NONE);
    }
    return record;
  }

  @Test
  default void a_deleted_archive_is_gone() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.publish(backup("1", 1), content(bytes(2, 100)));

      store.delete(backup("1", 0));

      assertAbsent(store, backup("1", 0));
      assertAbsent(reopen(store), backup("1", 0));
      assertHolds(store, backup("1", 1), bytes(2, 100));
    }
  }

  @Test
  default void deleting_what_is_not_there_does_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.delete(backup("1", 0));
      store.publish(backup("1", 0), content(bytes(1, 100)));
      store.delete(backup("1", 0));
      store.delete(backup("1", 0));

      assertAbsent(store, backup("1", 0));
    }
  }

  @Test
  default void the_digest_of_what_was_deleted_is_remembered_for_its_owner_alone() throws Exception {
    try (ArchiveStore store = newStore()) {
      for (int n = 0; n < 3; n++) {
        store.publish(backup("1", n), Archives.record("1", n), content(bytes(n, 100)));
      }
      store.publish(Archives.safety("1"), Archives.record("1", 3), content(bytes(3, 100)));
      assertThat(store.remembers(owner("1"), digest(0))).isFalse();

      for (int n : List.of(0, 2)) {
        store.delete(backup("1", n));
      }
      store.delete(Archives.safety("1"));

      ArchiveStore view = reopen(store);
      for (int n : List.of(0, 2, 3)) {
        assertThat(view.remembers(owner("1"), digest(n))).isEqualTo(remembersDeleted());
      }
      assertThat(view.remembers(owner("1"), digest(1))).isFalse();
      assertThat(view.remembers(owner("10"), digest(0))).isFalse();
      assertThat(view.remembers(ArchiveOwner.system(), digest(0))).isFalse();
      assertThat(view.remembers(ArchiveOwner.anyone(), digest(0))).isFalse();
      assertThat(Archives.labels(store)).containsExactly(backup("1", 1));
    }
  }

  @Test
  default void what_is_deleted_twice_is_remembered_still() throws Exception {
    assumeTrue(remembersDeleted());
    try (ArchiveStore store = newStore()) {
      for (int i = 0; i < 2; i++) {
        store.publish(backup("1", 0), Archives.record("1", 0), content(bytes(1, 100)));
        store.delete(backup("1", 0));
        store.delete(backup("1", 0));
        assertThat(store.remembers(owner("1"), digest(0))).isTrue();
      }
    }
  }

  @Test
  default void what_nobody_here_made_or_knows_is_not_remembered() throws Exception {
    try (ArchiveStore store = newStore()) {
      // The other one says that it is another owner's than its label.
      for (ArchiveRecord record : List.of(ArchiveRecord.NONE, Archives.record("10", 0))) {
        store.publish(backup("1", 0), record, content(bytes(1, 100)));
        store.delete(backup("1", 0));
      }
      Label imported = Label.parse("tenant_1_2026-11-22");
      store.publish(imported, Archives.record("1", 0), content(bytes(1, 100)));
      store.delete(imported);

      assertThat(store.remembers(owner("1"), digest(0))).isFalse();
      assertThat(store.remembers(owner("10"), digest(0))).isFalse();

      store.publish(imported, Archives.record("1", 0).withTrusted(true), content(bytes(1, 100)));
      store.delete(imported);
      assertThat(store.remembers(owner("1"), digest(0))).isTrue();
    }
  }

  @Test
  default void forgets_all_that_is_kept_of_one_owner_and_nothing_of_others() throws Exception {
    try (ArchiveStore store = newStore()) {
      for (int n = 0; n < 3; n++) {
        store.publish(backup("1", n), Archives.record("1", n), content(bytes(n, 100)));
      }
      store.publish(Archives.safety("1"), Archives.record("1", 3), content(bytes(3, 100)));
      store.publish(Label.parse("tenant_1_2026-11-22"), content(bytes(4, 100)));
      store.publish(backup("10", 0), Archives.record("10", 0), content(bytes(5, 100)));
      store.publish(backup("10", 1), Archives.record("10", 1), content(bytes(6, 100)));
      store.delete(backup("1", 0));
      store.delete(backup("10", 0));
      assertThat(store.kept(owner("1")))
          .anyMatch(line -> line.contains(backup("1", 1).value()))
          .anyMatch(line -> line.contains(Archives.safety("1").value()));

      store.forget(owner("1"));
      store.forget(owner("1"));

      ArchiveStore view = reopen(store);
      assertThat(view.kept(owner("1"))).isEmpty();
      assertThat(view.list(owner("1")).complete()).isEmpty();
      assertThat(view.remembers(owner("1"), digest(0))).isFalse();
      assertThat(Archives.labels(view)).containsExactly(backup("10", 1));
      assertThat(view.kept(owner("10"))).isNotEmpty();
      assertThat(view.remembers(owner("10"), Archives.record("10", 0).summary().get().digest()))
          .isEqualTo(remembersDeleted());
      store.publish(backup("1", 0), content(bytes(7, 100)));
      assertHolds(view, backup("1", 0), bytes(7, 100));
    }
  }

  @Test
  default void nothing_is_kept_of_an_owner_that_was_never_heard_of() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.forget(owner("Ø '\";--"));
      store.forget(ArchiveOwner.system());

      assertThat(store.kept(owner("Ø '\";--"))).isEmpty();
      assertThat(store.kept(ArchiveOwner.system())).isEmpty();
    }
  }

  private static ArchiveOwner owner(String tenant) {
    return ArchiveOwner.tenant(TenantId.of(tenant));
  }

  private static ArchiveDigest digest(int n) {
    return Archives.record("1", n).summary().orElseThrow().digest();
  }

  @Test
  default void a_record_holds_what_any_archive_can_say_of_itself() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), Archives.record("1", 0), content(bytes(1, 100)));
      Instant at = Instant.parse("-0001-02-03T04:05:06.007Z");

      for (String id : List.of("1", "a\u0000b", "\"\\\n", "æøå 租户 😀", "x".repeat(100))) {
        ArchiveOwner owner = ArchiveOwner.tenant(TenantId.of(id));
        requireKept(
            store,
            new ArchiveRecord.Summary(
                owner,
                at,
                OptionalLong.of(Long.MAX_VALUE),
                new ArchiveDigest("f".repeat(64)),
                Lack.MOST,
                Long.MAX_VALUE,
                Compression.ZSTD));
      }
      requireKept(
          store,
          new ArchiveRecord.Summary(
              ArchiveOwner.system(),
              Archives.NOON,
              OptionalLong.empty(),
              new ArchiveDigest("0".repeat(64)),
              Lack.NOTHING,
              0,
              Compression.GZIP));
    }
  }

  private void requireKept(ArchiveStore store, ArchiveRecord.Summary summary) throws Exception {
    store.record(backup("1", 0), ArchiveRecord.NONE.withSummary(summary));

    assertThat(reopen(store).stat(backup("1", 0)).record().summary()).contains(summary);
  }

  @Test
  default void records_do_not_outlive_their_archive() throws Exception {
    try (ArchiveStore store = newStore()) {
      ArchiveRecord first = Archives.record("1", 1).withPinned(true);
      store.publish(backup("1", 0), first, content(bytes(1, 100)));
      store.record(backup("1", 0), first.withVerifiedAt(Archives.NOON));
      store.delete(backup("1", 0));

      StoredArchive published = store.publish(backup("1", 0), content(bytes(2, 50)));

      assertThat(published.record()).isEqualTo(ArchiveRecord.NONE);
      assertThat(store.stat(backup("1", 0))).isEqualTo(published);
      assertHolds(store, backup("1", 0), bytes(2, 50));
    }
  }
}
