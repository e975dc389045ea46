package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UndoWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An undo takes back the last restore, whatever the clock said and says. */
class UndoAcrossClockJumpsTest {

  @TempDir Path folder;
  UndoWorld world;
  Label label;

  @BeforeEach
  void back_up() {
    world = new UndoWorld(folder);
    label = world.backup("first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-22T13:00:00Z", "2020-01-01T00:00:00Z", "2029-07-01T00:00:00Z"})
  void takes_back_the_last_restore_after_a_clock_that_was_ahead(String then) {
    world.clock.set("2029-01-01T00:00:00Z");
    world.restoreOver("in 2029", label);
    world.clock.set(then);
    world.restoreOver("the last", label);

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("the last");
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("the last");
  }

  @Test
  void takes_back_the_last_restore_after_a_clock_that_was_set_back() {
    world.restoreOver("at the right time", label);
    world.clock.set("2001-01-01T00:00:00Z");
    world.restoreOver("the last", label);

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("the last");
  }

  @Test
  void a_clock_that_stands_still_tells_nothing_apart_and_need_not() {
    for (int i = 0; i < 12; i++) {
      world.clock.set("2026-11-22T13:00:00Z");
      world.restoreOver("over " + i, label);
    }

    world.service().undo(ONE);

    assertThat(world.word()).isEqualTo("over 11");
  }

  @Test
  void retention_never_lets_go_of_what_the_last_restore_is_taken_back_with() {
    for (int i = 0; i < 4; i++) {
      world.clock.advance(Duration.ofDays(1));
      world.restoreOver("before " + i, label);
    }
    world.clock.set("2025-01-01T00:00:00Z");
    world.restoreOver("the last", label);
    world.clock.set("2026-12-01T00:00:00Z");

    RetentionPolicy few = RetentionPolicy.keepLast(7).withSafety(RetentionPolicy.keepLast(1));
    BackupService service = world.builder(world.store()).retention(few).build();
    service.backup(ONE);

    assertThat(service.safetyPoints(ONE)).hasSize(2);
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("the last");
  }

  @Test
  void earlier_ones_are_listed_in_the_order_of_the_restores_and_gone_back_to_by_label() {
    world.clock.set("2029-01-01T00:00:00Z");
    Label first = world.restoreOver("one", label);
    world.clock.set("2020-01-01T00:00:00Z");
    Label second = world.restoreOver("two", label);
    world.clock.set("2026-11-22T14:00:00Z");
    Label third = world.restoreOver("three", label);

    List<RestorePoint> points = world.service().safetyPoints(ONE);

    assertThat(points).extracting(RestorePoint::label).containsExactly(third, second, first);
    world.service().restore(ONE, first);
    assertThat(world.word()).isEqualTo("one");
    world.service().undo(ONE);
    assertThat(world.word()).isEqualTo("first");
  }

  @Test
  void people_see_restore_points_by_the_instants_that_they_are_of() {
    world.clock.set("2020-01-01T00:00:00Z");
    Label past = world.backup("second");

    assertThat(world.service().restorePoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(label, past);
  }
}
