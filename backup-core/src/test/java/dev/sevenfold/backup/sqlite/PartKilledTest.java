package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.AttachmentsWorld.NEW;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.OLD;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The restore of a part, and its undo, are killed at every step: the part is there or it is not,
 * with its files, and whatever was not chosen is as it was.
 */
class PartKilledTest {

  private static final String PART = "part";

  @TempDir Path folder;
  private AttachmentsWorld world;
  private Label label;
  private final Recoveries listener = new Recoveries();
  private final List<String> recovered = listener.said;

  @BeforeEach
  void create() throws IOException {
    world = AttachmentsWorld.create(folder);
    label = world.label();
  }

  /** Each has rows and files to write, and some have rows and files to remove. */
  private static RestoreOptions part(String kind) {
    return switch (kind) {
      case "create" -> RestoreOptions.DEFAULT.creatingOnly();
      case "rows" -> RestoreOptions.DEFAULT.rows("blobs", "1", "3", "26", "27");
      default -> RestoreOptions.DEFAULT.only("blobs.key");
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "rows", "column"})
  void a_part_that_is_killed_at_any_step_is_reverted_or_completed(String kind) throws IOException {
    RestoreOptions part = part(kind);
    use(new DurableFiles(), service -> service.restore(TENANT, label, part));
    world.remember(PART);
    assertThat(world.generation()).isEqualTo(PART).isNotIn(OLD, NEW);
    int done =
        killAtEachStep(service -> {}, OLD, PART, service -> service.restore(TENANT, label, part));
    assertThat(done).isPositive();
  }

  @Test
  void an_undo_of_a_part_that_is_killed_at_any_step_is_reverted_or_completed() throws IOException {
    Consumer<BackupService> restored =
        service -> {
          service.restore(TENANT, label, part("rows"));
          world.lab("UPDATE blobs SET note = 'later work' WHERE key = 'a/5'");
        };
    use(new DurableFiles(), restored);
    world.remember(PART);
    use(new DurableFiles(), service -> service.undo(TENANT));
    world.remember("undone");
    assertThat(world.generation()).isEqualTo("undone").isNotEqualTo(PART);

    int done = killAtEachStep(restored, PART, "undone", service -> service.undo(TENANT));

    assertThat(done).isPositive();
    assertThat(world.lab().query("SELECT note FROM blobs WHERE key = 'a/5'"))
        .isEqualTo("later work");
  }

  /** Tells after how many of the kills the work was done. */
  private int killAtEachStep(
      Consumer<BackupService> first, String before, String after, Consumer<BackupService> work)
      throws IOException {
    int done = 0;
    int steps = 0;
    for (boolean killed = true; killed; steps++) {
      world.reset();
      use(new DurableFiles(), first);
      recovered.clear();
      killed = use(new MortalDisk(steps), work);
      boolean something = world.leftovers().stream().anyMatch(left -> !left.endsWith(".new"));

      world.service(new DurableFiles(), listener).close();

      String generation = world.generation();
      assertThat(generation).as("step " + steps).isIn(before, after);
      assertThat(world.leftovers()).as("step " + steps).isEmpty();
      assertThat(world.damage()).as("step " + steps).isEmpty();
      assertThat(recovered).as("step " + steps).hasSize(something ? 1 : 0);
      done += killed && generation.equals(after) ? 1 : 0;
      if (steps % 3 == 0) {
        requireTheOther(before, after, generation, work, "after a kill at step " + steps);
      }
    }
    assertThat(steps).isGreaterThan(done + 1);
    return done;
  }

  /** What was done is taken back, and what was not is done: nobody has to know of the kill. */
  private void requireTheOther(
      String before, String after, String generation, Consumer<BackupService> work, String when)
      throws IOException {
    boolean isDone = generation.equals(after);
    use(new DurableFiles(), isDone ? service -> service.undo(TENANT) : work);
    assertThat(world.generation()).as(when).isEqualTo(isDone ? before : after);
  }

  /** Tells whether it was killed. */
  private boolean use(DurableFiles disk, Consumer<BackupService> work) {
    try (BackupService service =
        BackupService.builder(world.source(() -> disk), world.store()).build()) {
      work.accept(service);
      return false;
    } catch (MortalDisk.Killed e) {
      return true;
    }
  }
}
