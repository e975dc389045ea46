package dev.sevenfold.backup.testkit;

import static dev.sevenfold.backup.testkit.Archives.NOON;
import static dev.sevenfold.backup.testkit.Archives.assertHolds;
import static dev.sevenfold.backup.testkit.Archives.backup;
import static dev.sevenfold.backup.testkit.Archives.bytes;
import static dev.sevenfold.backup.testkit.Archives.content;
import static dev.sevenfold.backup.testkit.Archives.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The second place fails at its Nth call, for every N: the first copy is there all the same. */
class MirrorFaultsTest {

  private static final ArchiveRecord PROVEN = ArchiveRecord.NONE.withVerifiedAt(NOON);

  private InMemoryArchiveStore first = new InMemoryArchiveStore();
  private InMemoryArchiveStore second = new InMemoryArchiveStore();
  private MirroredArchiveStore mirror = MirroredArchiveStore.of(first, second);

  /** Two empty places, of which the second may fail. */
  private void create(EveryCall.Script script) {
    first = new InMemoryArchiveStore();
    second = new InMemoryArchiveStore();
    mirror = MirroredArchiveStore.of(first, script.over(second));
  }

  @TestFactory
  Stream<DynamicTest> no_fault_of_the_second_place_costs_a_copy_of_the_first() throws Exception {
    return EveryCall.of(
        script -> {
          create(script);

          for (int i = 0; i < 4; i++) {
            publishOnce(i);
            assertHoldsFirst(i);
          }
          repeatedly(() -> mirror.record(backup("1", 1), PROVEN));
          repeatedly(() -> mirror.delete(backup("1", 3)));
          script.heal();
          mirror.catchUp();

          assertThat(second.list(ArchiveOwner.anyone()).complete())
              .isEqualTo(first.list(ArchiveOwner.anyone()).complete());
          assertThat(first.list(ArchiveOwner.anyone()).complete())
              .extracting(StoredArchive::label)
              .containsExactly(backup("1", 0), backup("1", 1), backup("1", 2));
          for (StoredArchive archive : first.list(ArchiveOwner.anyone()).complete()) {
            assertHolds(second, archive.label(), read(first, archive.label()));
          }
          assertThat(second.stat(backup("1", 1)).record()).isEqualTo(PROVEN);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_second_place_that_fails_once_is_caught_up_by_the_next_archive()
      throws Exception {
    return EveryCall.of(
        script -> {
          create(script);
          for (int i = 0; i < 4; i++) {
            publishOnce(i);
          }
          script.heal();

          mirror.publish(backup("1", 4), content(bytes(4, 5_000)));

          for (int i = 0; i < 5; i++) {
            assertHolds(second, backup("1", i), bytes(i, 5_000));
          }
        });
  }

  private void publishOnce(int n) {
    try {
      mirror.publish(backup("1", n), content(bytes(n, 5_000)));
    } catch (StoreUnavailable e) {
      assertThat(e)
          .hasMessageContaining(backup("1", n) + " is kept in memory")
          .hasMessageContaining("faulty memory: ")
          .hasMessageContaining("catchUp()");
    }
  }

  private void assertHoldsFirst(int n) throws IOException {
    assertHolds(first, backup("1", n), bytes(n, 5_000));
    assertThat(read(mirror, backup("1", n))).isEqualTo(bytes(n, 5_000));
  }

  /** A call that fails loudly is repeated until it does not. */
  private static void repeatedly(Runnable call) {
    for (int i = 0; i < 20; i++) {
      try {
        call.run();
        return;
      } catch (StoreUnavailable e) {
        assertThat(e).hasMessageContaining("lost");
      } catch (ArchiveNotFound e) {
        assertThat(i).as("the answer was lost, not the call").isPositive();
        return;
      }
    }
    throw new AssertionError("It fails for ever");
  }
}
