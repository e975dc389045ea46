package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.labels;
import static dev.sevenfold.backup.testkit.Archives.read;
import static dev.sevenfold.backup.testkit.Archives.safety;
import static dev.sevenfold.backup.testkit.Archives.system;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A list holds exactly the owner's archives. */
@SuppressWarnings("MemberName") // Tests are sentences.
interface StoreListingContract extends StoreSubject {

  /** Ids that are easily taken for each other, for a path, or for a part of a label. */
  List<String> ODD_IDS =
      List.of(
          "1",
          "10",
          "1_0",
          "01",
          "1.0",
          "-1",
          "1_20261122120000",
          "1-2",
          "A",
          "a_b",
          "../x",
          "/etc/passwd",
          "..",
          "%",
          "%31",
          "*",
          "?",
          " ",
          "a b",
          "a\nb",
          "\u0000",
          "\\",
          "'\"`$(x);",
          "tenant_1",
          "system",
          "0b1c7b5e-3f0a-4a53-9d58-3a54c8a9b3d1",
          "æøå",
          "Ærø Kommune",
          "a\u030A",
          "\u00E5",
          "租户",
          "😀");

  private static ArchiveOwner tenant(String id) {
    return ArchiveOwner.tenant(TenantId.of(id));
  }

  private static void publishAll(ArchiveStore store, List<Label> labels) {
    for (Label label : labels) {
      store.publish(label, content(label.value().getBytes(UTF_8)));
    }
  }

  @Test
  default void a_new_store_lists_nothing() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThat(store.list(ArchiveOwner.anyone()).complete()).isEmpty();
      assertThat(store.list(ArchiveOwner.system()).complete()).isEmpty();
      assertThat(store.list(tenant("1")).complete()).isEmpty();
    }
  }

  @Test
  default void lists_by_label_ascending() throws Exception {
    try (ArchiveStore store = newStore()) {
      Label first = backup("1", 0);
      Label second = first.next();
      Label third = backup("1", 1);
      Label fourth = backup("2", 0);
      publishAll(store, List.of(fourth, second, first, third, system(), safety("3")));

      assertThat(labels(store))
          .containsExactly(safety("3"), system(), first, second, third, fourth);
      assertThat(labels(store, tenant("1"))).containsExactly(first, second, third);
    }
  }

  @Test
  default void a_list_says_what_stat_says() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 17)));
      store.publish(backup("1", 1), content(bytes(2, 4_711)));
      StoredArchive recorded =
          store.record(
              backup("1", 1), ArchiveRecord.NONE.withVerifiedAt(Archives.NOON).withPinned(true));

      assertThat(store.list(ArchiveOwner.anyone()).complete())
          .containsExactly(new StoredArchive(backup("1", 0), 17, ArchiveRecord.NONE), recorded);
      assertThat(store.stat(backup("1", 1))).isEqualTo(recorded);
    }
  }

  @Test
  default void a_tenant_sees_its_own_archives_alone() throws Exception {
    try (ArchiveStore store = newStore()) {
      publishAll(store, ODD_IDS.stream().map(id -> backup(id, 0)).toList());

      for (String id : ODD_IDS) {
        assertThat(labels(store, tenant(id)))
            .as("archives of tenant \"%s\"", id)
            .containsExactly(backup(id, 0));
        assertThat(read(store, backup(id, 0))).asString().isEqualTo(backup(id, 0).value());
      }
      assertThat(labels(store)).hasSize(ODD_IDS.size());
    }
  }

  @Test
  default void deleting_a_tenants_archive_leaves_every_other_tenants() throws Exception {
    try (ArchiveStore store = newStore()) {
      List<Label> all = ODD_IDS.stream().map(id -> backup(id, 0)).sorted().toList();
      publishAll(store, all);

      store.delete(backup("1", 0));

      assertThat(labels(store))
          .containsExactlyElementsOf(
              all.stream().filter(label -> !label.equals(backup("1", 0))).toList());
    }
  }

  @Test
  default void tells_tenants_safety_archives_and_the_system_apart() throws Exception {
    try (ArchiveStore store = newStore()) {
      publishAll(store, List.of(backup("1", 0), safety("1"), safety("2"), system()));

      assertThat(labels(store, tenant("1"))).containsExactly(safety("1"), backup("1", 0));
      assertThat(labels(store, tenant("2"))).containsExactly(safety("2"));
      assertThat(labels(store, tenant("system"))).isEmpty();
      assertThat(labels(store, ArchiveOwner.system())).containsExactly(system());
      assertThat(labels(store)).hasSize(4);
    }
  }

  @Test
  default void a_list_does_not_change_afterwards() throws Exception {
    try (ArchiveStore store = newStore()) {
      store.publish(backup("1", 0), content(bytes(1, 10)));
      List<StoredArchive> before = store.list(ArchiveOwner.anyone()).complete();

      store.publish(backup("1", 1), content(bytes(2, 10)));
      store.record(backup("1", 0), ArchiveRecord.NONE.withPinned(true));

      assertThat(before).containsExactly(new StoredArchive(backup("1", 0), 10, ArchiveRecord.NONE));
    }
  }

  @Test
  default void says_where_the_archives_are_in_one_line() throws Exception {
    try (ArchiveStore store = newStore()) {
      assertThat(store.describe()).isNotBlank().doesNotContain("\n");
    }
  }

  @Test
  default void closing_twice_does_nothing_the_second_time() throws Exception {
    ArchiveStore store = newStore();
    store.publish(backup("1", 0), content(bytes(1, 10)));

    store.close();
    store.close();
  }
}
