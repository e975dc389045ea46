package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UndoWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An undo takes back the last restore, or undo, that wrote something; and nothing else does. */
class UndoMeaningTest {

  @TempDir Path folder;
  UndoWorld world;

  @BeforeEach
  void create() {
    world = new UndoWorld(folder);
  }

  @Test
  void a_restore_without_a_difference_leaves_nothing_to_undo_and_hides_nothing() {
    Label label = world.backup("first");
    Label safety = world.restoreOver("precious", label);

    RestoreReport again = world.service().restore(ONE, label);

    assertThat(again.safety()).isEmpty();
    assertThat(again.plan().isEmpty()).isTrue();
    assertThat(world.service().safetyPoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(safety);
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("precious");
  }

  @Test
  void without_any_restore_that_wrote_something_there_is_nothing_to_undo() {
    Label label = world.backup("first");
    world.service().restore(ONE, label);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> world.service().undo(ONE))
        .withMessageContaining("no restore of tenant 1 to take back");
  }

  @Test
  void an_undo_of_what_people_have_taken_back_themselves_writes_nothing() {
    Label label = world.backup("first");
    Label safety = world.restoreOver("second", label);
    world.write("second");

    RestoreReport undone = world.service().undo(ONE);

    assertThat(undone.safety()).isEmpty();
    assertThat(world.word()).isEqualTo("second");
    assertThat(world.service().undoPoint(ONE).orElseThrow().label()).isEqualTo(safety);
  }

  @Test
  void another_tenants_restores_are_not_among_them() {
    Label label = world.backup("first");
    world.restoreOver("second", label);

    assertThat(world.service().undoPoint(TenantId.of(2))).isEmpty();
  }

  /** The model: a stack of which only the top is undone, and an undo puts its own state there. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void any_sequence_of_writes_restores_and_undos_ends_where_the_model_does(long seed) {
    Random random = new Random(seed);
    List<Label> labels = new ArrayList<>();
    List<String> archived = new ArrayList<>();
    Deque<String> replaced = new ArrayDeque<>();
    String now = "start";
    labels.add(world.backup(now));
    archived.add(now);
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      // A clock as bad as can be.
      world.clock.advance(Duration.ofDays(random.nextInt(800) - 400));
      String target = now;
      switch (random.nextInt(4)) {
        case 0 -> {
          now = "word " + i;
          target = now;
          world.write(now);
        }
        case 1 -> {
          labels.add(world.backup(now));
          archived.add(now);
        }
        case 2 -> {
          int which = random.nextInt(labels.size());
          target = archived.get(which);
          world.service().restore(ONE, labels.get(which));
          replaced = pushedIfChanged(replaced, now, target);
        }
        default -> {
          if (!replaced.isEmpty()) {
            target = replaced.peek();
            world.service().undo(ONE);
            replaced = pushedIfChanged(replaced, now, target);
          }
        }
      }
      steps.add(now + " -> " + target);
      now = target;
      assertThat(world.word()).as("seed %d, after %s", seed, steps).isEqualTo(now);
    }
  }

  private static Deque<String> pushedIfChanged(Deque<String> stack, String from, String to) {
    if (!from.equals(to)) {
      stack.push(from);
    }
    return stack;
  }
}
