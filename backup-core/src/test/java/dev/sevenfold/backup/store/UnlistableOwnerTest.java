package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of owners that this user may not look into. */
class UnlistableOwnerTest {

  private static final int OWNERS = 10;

  @TempDir Path temp;
  private UnlistableFolders folders;
  private ArchiveStore store;

  @BeforeEach
  void publish() {
    folders = new UnlistableFolders(temp);
    store = folders.store();
    for (int tenant = 1; tenant <= OWNERS; tenant++) {
      store.publish(label(tenant), out -> out.write(1));
    }
    folders.listed.clear();
  }

  private static Label label(int tenant) {
    return Label.parse("tenant_" + tenant + "_20261122010100");
  }

  @Test
  void a_list_of_all_leaves_one_out_and_names_it() {
    folders.denied.add("tenant_3");

    Listing all = store.list(ArchiveOwner.anyone());

    assertThat(all.archives())
        .extracting(StoredArchive::label)
        .hasSize(OWNERS - 1)
        .doesNotContain(label(3));
    assertThat(all.silent())
        .extracting(Listing.Silent::replica)
        .containsExactly("directory " + temp + "/tenant_3");
    assertThatThrownBy(all::complete)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp.resolve("tenant_3"));
    // By halves: not each of many thousand folders on its own.
    assertThat(folders.listed).hasSizeLessThan(2 * OWNERS);
  }

  @Test
  void its_own_list_fails_and_those_of_others_do_not() {
    folders.denied.add("tenant_3");

    assertThatThrownBy(() -> store.list(ArchiveOwner.tenant(TenantId.of(3))))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp.resolve("tenant_3"));
    assertThat(store.list(ArchiveOwner.tenant(TenantId.of(4))).complete()).hasSize(1);
  }

  @Test
  void several_are_all_named() {
    folders.denied.addAll(List.of("tenant_1", "tenant_7", "tenant_10"));

    Listing all = store.list(ArchiveOwner.anyone());

    assertThat(all.archives()).hasSize(OWNERS - 3);
    assertThat(all.silent()).hasSize(3);
  }

  @Test
  void a_store_that_does_not_answer_is_not_asked_for_each_owner() {
    folders.denied.addAll(List.of("", "tenant_1"));

    assertThatThrownBy(() -> store.list(ArchiveOwner.anyone()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp);
    assertThat(folders.listed).hasSize(1);
  }

  @Test
  void many_are_given_up_with_a_look_at_the_root_once() {
    for (int tenant = OWNERS + 1; tenant <= 64; tenant++) {
      store.publish(label(tenant), out -> out.write(1));
    }
    for (int tenant = 1; tenant <= 64; tenant++) {
      folders.denied.add("tenant_" + tenant);
    }
    folders.listed.clear();

    assertThatThrownBy(() -> store.list(ArchiveOwner.anyone()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("More than 20 folders")
        .hasMessageContaining("directory " + temp)
        .hasMessageContaining("no permission for " + temp.resolve("tenant_"));
    assertThat(folders.listed).filteredOn(List.of("")::equals).hasSizeLessThanOrEqualTo(2);
    assertThat(folders.listed).hasSizeLessThan(64);
  }

  @Test
  void a_failure_names_some_and_counts_the_others() {
    for (int tenant = 1; tenant <= OWNERS; tenant++) {
      folders.denied.add("tenant_" + tenant);
    }

    Listing all = store.list(ArchiveOwner.anyone());

    assertThat(all.silent()).hasSize(OWNERS);
    String what = all.silence().orElseThrow().what();
    assertThat(what).contains("; and " + (OWNERS - 5) + " more");
    assertThat(what.split("no permission for")).hasSize(6);
  }

  @Test
  void a_mirror_catches_up_with_all_others_and_says_so() {
    UnlistableFolders there = new UnlistableFolders(temp.resolve("there"));
    Label older = Label.parse("tenant_3_20261121010100");
    there.store().publish(older, out -> out.write(1));
    MirroredArchiveStore mirror = MirroredArchiveStore.of(store, there.store());
    folders.denied.add("tenant_2");
    there.denied.add("tenant_3");

    assertThatThrownBy(mirror::catchUp)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp.resolve("tenant_2"))
        .hasMessageContaining("no permission for " + temp.resolve("there/tenant_3"));

    there.denied.clear();
    assertThat(there.store().list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::label)
        .hasSize(OWNERS - 1)
        .contains(older, label(1), label(OWNERS))
        .doesNotContain(label(2), label(3));
    folders.denied.clear();
    assertThat(mirror.catchUp())
        .extracting(ArchiveCopy::label)
        .containsExactlyInAnyOrder(label(2), label(3));
  }
}
