package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.AttachmentsWorld.NEW;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.OLD;
import static dev.sevenfold.backup.sqlite.AttachmentsWorld.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores of a tenant that are killed: rows and files are wholly old or wholly new after the next
 * start, which says so, and the next restore works.
 */
class TenantRestoreKilledTest {

  private static final int JVMS = 16;
  private static final long SEED = 20;

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

  @Test
  void a_restore_that_is_killed_at_any_step_is_reverted_or_completed() throws IOException {
    int old = 0;
    int steps = 0;
    for (boolean killed = true; killed; steps++) {
      world.reset();
      recovered.clear();
      killed = restoreUntilKilled(new MortalDisk(steps));
      // Half of a journal means that nothing was laid yet, and is removed without a word.
      boolean something = world.leftovers().stream().anyMatch(left -> !left.endsWith(".new"));

      start();

      String generation = requireWhole("step " + steps);
      old += generation.equals(OLD) ? 1 : 0;
      requireSaid(generation, something, "step " + steps);
      assertThat(world.file("gone")).matches(gone -> Files.exists(gone) == generation.equals(NEW));
      if (steps % 3 == 0) {
        requireNextRestoreWorks();
      }
    }
    assertThat(old).isGreaterThan(AttachmentsWorld.changedFiles());
    assertThat(steps - old).isGreaterThan(AttachmentsWorld.changedFiles());
  }

  @Test
  void a_recovery_that_is_killed_at_any_step_is_taken_up_again() throws IOException {
    int steps = stepsOfARestore();
    Random random = new Random(SEED);
    for (int round = 0; round < 30; round++) {
      world.reset();
      int step = random.nextInt(steps);
      int again = random.nextInt(steps / 2);
      restoreUntilKilled(new MortalDisk(step));
      try (BackupService service = world.service(new MortalDisk(again))) {
        assertThat(service.tenants()).isNotEmpty();
      } catch (MortalDisk.Killed e) {
        requireNoHalfFile();
      }

      start();

      requireWhole("steps " + step + " and " + again);
    }
  }

  @Test
  void a_process_that_is_killed_at_any_moment_leaves_old_or_new() throws Exception {
    long micros = microsOfARestore();
    Random random = new Random(SEED);
    for (int round = 0; round < JVMS; round++) {
      world.reset();
      recovered.clear();
      // The restore is over soon, and its end is what matters most.
      String from = round % 2 == 0 ? KilledTenantRestore.STARTS : KilledTenantRestore.MERGES;
      long delay = random.nextLong(round % 2 == 0 ? micros : 40_000);
      killAfter(from, delay);

      start();

      String when = "seed " + SEED + ", " + delay + " µs after it " + from;
      String generation = requireWhole(when);
      requireSaid(generation, !recovered.isEmpty(), when);
      requireNextRestoreWorks();
    }
  }

  @Test
  void the_next_work_on_the_tenant_recovers_without_a_start() throws IOException {
    int steps = stepsOfARestore();
    for (int step = 1; step < steps; step += 4) {
      world.reset();
      recovered.clear();
      try (BackupService running = world.service(new DurableFiles(), listener)) {
        restoreUntilKilled(new MortalDisk(step));

        RestorePlan plan = running.preview(TENANT, label);

        assertThat(requireWhole("step " + step)).isEqualTo(plan.isEmpty() ? NEW : OLD);
        assertThat(recovered).hasSize(1);
      }
    }
  }

  @Test
  void a_backup_of_the_system_recovers_first() throws IOException {
    int steps = stepsOfARestore();
    try (BackupService running = world.serviceOfSystem(folder.resolve("system-store"), listener)) {
      for (int step : new int[] {1, steps / 3, steps / 2, steps * 3 / 4}) {
        world.reset();
        recovered.clear();
        restoreUntilKilled(new MortalDisk(step));

        running.backupSystem();

        assertThat(recovered).as("step %d of %d", step, steps).hasSize(1);
        requireWhole("step " + step);
      }
    }
  }

  @Test
  void nobody_touches_the_journal_of_a_restore_that_is_at_work() throws IOException {
    restoreUntilKilled(new MortalDisk(stepsOfARestore() / 3));
    Path half = world.folder().resolve("app.sqlite3-17.sevenfold-journal.new");
    List<String> left;
    try (TenantLock lock = world.lockOnly(TENANT)) {
      left = world.leftovers();
      Files.createFile(half);

      start();

      assertThat(world.leftovers()).containsAll(left);
      assertThat(half).as("nobody holds that lock").doesNotExist();
      assertThat(lock.recovered()).isEmpty();
    }
    assertThat(left).isNotEmpty();
    start();
    requireWhole("afterwards");
  }

  @Test
  void files_that_cannot_be_moved_are_moved_by_the_next_work() throws IOException {
    DurableFiles broken =
        new DurableFiles() {
          @Override
          public void replace(HeldFolder folder, Path from, Path to) throws IOException {
            throw new AccessDeniedException(to.toString());
          }
        };
    try (BackupService service = world.service(broken)) {
      assertThatExceptionOfType(OperationFailed.class)
          .isThrownBy(() -> service.restore(TENANT, label))
          .withMessageContaining("rows of tenant 1 are restored, but not all of its files");
    }
    try (BackupService running = world.service(new DurableFiles(), listener)) {
      assertThat(recovered).singleElement().asString().startsWith("Completed");
      assertThat(requireWhole("afterwards")).isEqualTo(NEW);

      running.undo(TENANT);
    }
    assertThat(requireWhole("undone")).isEqualTo(OLD);
  }

  /** A file in its place is whole at any moment. */
  private void requireNoHalfFile() throws IOException {
    for (int i = 0; i < 12; i += 2) {
      assertThat(Files.readString(world.file("a/" + i))).isIn("then " + i, "changed " + i);
    }
  }

  private int stepsOfARestore() throws IOException {
    MortalDisk disk = new MortalDisk(Integer.MAX_VALUE);
    world.reset();
    assertThat(restoreUntilKilled(disk)).isFalse();
    assertThat(requireWhole("not killed")).isEqualTo(NEW);
    world.reset();
    return disk.steps();
  }

  private boolean restoreUntilKilled(MortalDisk disk) {
    try (BackupService service =
        BackupService.builder(world.source(() -> disk), world.store()).build()) {
      service.restore(TENANT, label);
      return false;
    } catch (MortalDisk.Killed e) {
      return true;
    }
  }

  private long microsOfARestore() throws Exception {
    world.reset();
    Process child = child();
    try (BufferedReader words = words(child)) {
      assertThat(words.readLine()).isEqualTo(KilledTenantRestore.STARTS);
      long start = System.nanoTime();
      assertThat(child.waitFor()).isZero();
      return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    }
  }

  private void killAfter(String word, long micros) throws Exception {
    Process child = child();
    try (BufferedReader words = words(child)) {
      String heard = words.readLine();
      while (heard != null && !heard.equals(word)) {
        heard = words.readLine();
      }
      assertThat(heard).isEqualTo(word);
      if (child.waitFor(micros, TimeUnit.MICROSECONDS)) {
        assertThat(child.exitValue()).isZero();
      }
      child.destroyForcibly().waitFor();
    }
  }

  private Process child() throws IOException {
    return Jvm.of(KilledTenantRestore.class, folder.toString(), label.toString()).start();
  }

  private static BufferedReader words(Process child) {
    return child.inputReader(StandardCharsets.UTF_8);
  }

  private void start() {
    world.service(new DurableFiles(), listener).close();
  }

  private String requireWhole(String when) throws IOException {
    String generation = world.generation();
    assertThat(generation).as(when).isIn(OLD, NEW);
    assertThat(world.leftovers()).as(when).isEmpty();
    assertThat(world.damage()).as(when).isEmpty();
    return generation;
  }

  private void requireSaid(String generation, boolean something, String when) {
    if (something) {
      assertThat(recovered)
          .as(when)
          .singleElement()
          .asString()
          .startsWith(generation.equals(OLD) ? "Reverted" : "Completed")
          .contains("tenant 1");
    } else {
      assertThat(recovered).as(when).isEmpty();
    }
  }

  private void requireNextRestoreWorks() throws IOException {
    try (BackupService service = world.service(new DurableFiles())) {
      service.restore(TENANT, label);
    }
    assertThat(requireWhole("next restore")).isEqualTo(NEW);
  }
}
