package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.journal.RestoreJournal;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.Interposed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that restores tenant 1 of a {@link NotesWorld} and dies at one place, without a chance
 * to tidy up.
 *
 * <p>Arguments: the world's folder, the label, the {@link Place}.
 */
final class KilledAtRestore {

  static final int KILLED = 137;

  /** Where it dies. */
  enum Place {
    BEFORE_THE_SAFETY_ARCHIVE(false),
    AFTER_THE_SAFETY_ARCHIVE(false),
    DURING_THE_MERGE(false),
    /** The rows are committed, and nothing was done since. */
    RIGHT_AFTER_THE_COMMIT(true),
    BEFORE_RECORDING(true),
    AFTER_RECORDING(true),
    BEFORE_FORGETTING(true);

    private final boolean done;

    Place(boolean done) {
      this.done = done;
    }

    /** Whether a restore that dies here was done. */
    boolean isDone() {
      return done;
    }
  }

  private KilledAtRestore() {}

  public static void main(String[] args) {
    NotesWorld world = NotesWorld.at(Path.of(args[0]));
    Place place = Place.valueOf(args[2]);
    BackupService service =
        BackupService.builder(world.source(() -> new Disk(place)), store(world.store(), place))
            .build();
    service.restore(
        TenantId.of(1),
        Label.parse(args[1]),
        RestoreOptions.DEFAULT,
        (step, unit, done, total) -> heard(place, step, done));
  }

  private static void heard(Place place, String step, long done) {
    if (place == Place.DURING_THE_MERGE && step.equals("merge") && done == 1) {
      die();
    }
  }

  private static void die() {
    Runtime.getRuntime().halt(KILLED);
  }

  /** Dies at the journal: it is written when a restore begins, and when its rows are committed. */
  private static final class Disk extends DurableFiles {
    private static final AtomicInteger writes = new AtomicInteger();
    private final Place place;

    Disk(Place place) {
      this.place = place;
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
      if (writes.incrementAndGet() == 2 && place == Place.RIGHT_AFTER_THE_COMMIT) {
        die();
      }
      super.write(file, content);
    }

    @Override
    public void delete(Path file) throws IOException {
      if (place == Place.BEFORE_FORGETTING && file.toString().endsWith(RestoreJournal.SUFFIX)) {
        die();
      }
      super.delete(file);
    }
  }

  /** Dies at what a restore asks of the store. */
  private static ArchiveStore store(ArchiveStore store, Place place) {
    return Interposed.before(
        store,
        ArchiveStore.class,
        call -> {
          if ((call.is("record") && place == Place.BEFORE_RECORDING)
              || (call.is("publish") && place == Place.BEFORE_THE_SAFETY_ARCHIVE)) {
            die();
          }
          Object answer = call.proceed();
          if ((call.is("record") && place == Place.AFTER_RECORDING)
              || (call.is("publish") && place == Place.AFTER_THE_SAFETY_ARCHIVE)) {
            die();
          }
          return answer;
        });
  }
}
