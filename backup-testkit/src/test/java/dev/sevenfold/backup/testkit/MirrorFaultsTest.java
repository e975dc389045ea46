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
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The second place fails at its Nth call, for every N: the first copy is there all the same. */
class MirrorFaultsTest {

  private static final Marks PROVEN = Marks.NONE.withProvenAt(NOON);

  private final InMemoryArchiveStore first = new InMemoryArchiveStore();
  private final InMemoryArchiveStore second = new InMemoryArchiveStore();
  private final FaultyArchiveStore faulty = FaultyArchiveStore.around(second);
  private final MirroredArchiveStore mirror = MirroredArchiveStore.of(first, faulty);

  private static Stream<Arguments> faults() {
    return Stream.of(Operation.values())
        .flatMap(
            operation ->
                IntStream.rangeClosed(1, 8)
                    .boxed()
                    .flatMap(call -> kinds(operation).map(f -> Arguments.of(operation, call, f))));
  }

  private static Stream<Fault> kinds(Operation operation) {
    return operation == Operation.PUBLISH
        ? Stream.of(Fault.before(), Fault.after(), Fault.afterBytes(1_000))
        : Stream.of(Fault.before(), Fault.after());
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("faults")
  void no_fault_of_the_second_place_costs_a_copy_of_the_first(
      Operation operation, int call, Fault fault) throws IOException {
    faulty.on(operation, call, fault);

    for (int i = 0; i < 4; i++) {
      publishOnce(i);
      assertHoldsFirst(i);
    }
    repeatedly(() -> mirror.mark(backup("1", 1), PROVEN));
    repeatedly(() -> mirror.delete(backup("1", 3)));
    faulty.heal();
    mirror.catchUp();

    assertThat(second.list(ArchiveOwner.anyone()).complete())
        .isEqualTo(first.list(ArchiveOwner.anyone()).complete());
    assertThat(first.list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::label)
        .containsExactly(backup("1", 0), backup("1", 1), backup("1", 2));
    for (StoredArchive archive : first.list(ArchiveOwner.anyone()).complete()) {
      assertHolds(second, archive.label(), read(first, archive.label()));
    }
    assertThat(second.stat(backup("1", 1)).marks()).isEqualTo(PROVEN);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("faults")
  void a_second_place_that_fails_once_is_caught_up_by_the_next_archive(
      Operation operation, int call, Fault fault) throws IOException {
    faulty.on(operation, call, fault);
    for (int i = 0; i < 4; i++) {
      publishOnce(i);
    }
    faulty.heal();

    mirror.publish(backup("1", 4), content(bytes(4, 5_000)));

    for (int i = 0; i < 5; i++) {
      assertHolds(second, backup("1", i), bytes(i, 5_000));
    }
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
