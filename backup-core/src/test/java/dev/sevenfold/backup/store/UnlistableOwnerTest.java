package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.Interposed;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of owners that this user may not look into: root may, so the refusal is put in front. */
class UnlistableOwnerTest {

  private static final int OWNERS = 10;

  @TempDir Path temp;
  private final Set<String> denied = new TreeSet<>();
  private final List<List<String>> listed = new ArrayList<>();
  private FolderArchiveStore store;

  /** A store of a folder of the test. */
  private static final class OfFolder extends FolderArchiveStore {
    OfFolder(Folder folder) {
      super(folder, Duration.ofSeconds(2), Duration.ofDays(1));
    }
  }

  @BeforeEach
  void publish() {
    Folder local = new LocalFolder(temp, Clock.systemUTC(), Clock.systemUTC());
    store =
        new OfFolder(
            Interposed.before(
                local,
                Folder.class,
                call -> {
                  if (call.is("list")) {
                    look(call.first(Collection.class).orElseThrow());
                  }
                  return call.proceed();
                }));
    for (int tenant = 1; tenant <= OWNERS; tenant++) {
      store.publish(label(tenant), out -> out.write(1));
    }
    listed.clear();
  }

  private void look(Collection<?> folders) throws AccessDeniedException {
    listed.add(folders.stream().map(Object::toString).toList());
    for (Object name : folders) {
      if (denied.contains(name.toString())) {
        throw new AccessDeniedException(temp.resolve(name.toString()).toString());
      }
    }
  }

  private static Label label(int tenant) {
    return Label.parse("tenant_" + tenant + "_20261122010100");
  }

  @Test
  void a_list_of_all_leaves_one_out_and_names_it() {
    denied.add("tenant_3");

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
    assertThat(listed).hasSizeLessThan(2 * OWNERS);
  }

  @Test
  void its_own_list_fails_and_those_of_others_do_not() {
    denied.add("tenant_3");

    assertThatThrownBy(() -> store.list(ArchiveOwner.tenant(TenantId.of(3))))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp.resolve("tenant_3"));
    assertThat(store.list(ArchiveOwner.tenant(TenantId.of(4))).complete()).hasSize(1);
  }

  @Test
  void several_are_all_named() {
    denied.addAll(List.of("tenant_1", "tenant_7", "tenant_10"));

    Listing all = store.list(ArchiveOwner.anyone());

    assertThat(all.archives()).hasSize(OWNERS - 3);
    assertThat(all.silent()).hasSize(3);
  }

  @Test
  void a_store_that_does_not_answer_is_not_asked_for_each_owner() {
    denied.addAll(List.of("", "tenant_1"));

    assertThatThrownBy(() -> store.list(ArchiveOwner.anyone()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no permission for " + temp);
    assertThat(listed).hasSize(1);
  }
}
