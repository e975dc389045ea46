package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLeftoversTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Label LABEL = Label.parse("tenant_1_20261122010100");

  @TempDir Path folder;

  private Path left(String name, Duration age) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "half");
    return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
  }

  private ArchiveStore storeAt(Instant now) {
    return DirectoryArchiveStore.at(folder, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static void publish(ArchiveStore store, Label label) {
    store.publish(label, out -> out.write(1));
  }

  @Test
  void of_dead_uploads_are_removed_after_a_day() throws IOException {
    Path dead = left(".upload-dead", Duration.ofHours(25));
    Path alive = left(".upload-alive", Duration.ofHours(23));
    Path claim = left(".claim-tenant_9_20261122010100", Duration.ofHours(25));
    Path foreign = left(".nfs0001", Duration.ofDays(400));
    Path archive = left("tenant_2_20261122010100.tar.gz", Duration.ofDays(400));

    publish(storeAt(NOW), LABEL);

    assertThat(dead).doesNotExist();
    assertThat(claim).doesNotExist();
    assertThat(alive).exists();
    assertThat(foreign).exists();
    assertThat(archive).exists();
  }

  @Test
  void are_looked_for_once_an_hour() throws IOException {
    ArchiveStore store = storeAt(NOW);
    publish(store, LABEL);
    Path dead = left(".upload-dead", Duration.ofHours(25));

    publish(store, LABEL.next());
    assertThat(dead).exists();

    publish(storeAt(NOW), LABEL.next().next());
    assertThat(dead).doesNotExist();
  }

  @Test
  void stay_when_the_clock_is_back_at_its_epoch() throws IOException {
    Path upload = left(".upload-alive", Duration.ofDays(3));

    publish(storeAt(Instant.EPOCH), LABEL);

    assertThat(upload).exists();
  }

  /** A store on a machine whose clock is so much ahead of that which dates the files. */
  private FolderArchiveStore behind(Duration by) {
    Clock ours = Clock.offset(Clock.systemUTC(), by);
    return new FolderArchiveStore(
        new LocalFolder(folder, ours, ours), Duration.ofSeconds(2), Duration.ofDays(1)) {};
  }

  @ParameterizedTest
  @ValueSource(longs = {25, 72, 24 * 400})
  void on_a_file_server_that_is_days_behind_an_upload_underway_stays_and_a_dead_one_goes(long hours)
      throws IOException {
    Duration by = Duration.ofHours(hours);
    Instant there = Instant.now();
    Path dead = Files.writeString(folder.resolve(".upload-dead"), "half");
    Files.setLastModifiedTime(dead, FileTime.from(there.minus(Duration.ofHours(26))));
    Path young = Files.writeString(folder.resolve(".upload-young"), "half");
    Files.setLastModifiedTime(young, FileTime.from(there.minus(Duration.ofHours(22))));

    behind(by)
        .publish(
            LABEL,
            out -> {
              out.write(1);
              // A second backup begins meanwhile, and looks for what killed ones have left.
              publish(behind(by), LABEL.next());
              out.write(2);
            });

    assertThat(dead).doesNotExist();
    assertThat(young).exists();
    assertThat(behind(by).list(ArchiveOwner.anyone()).complete())
        .extracting(StoredArchive::sizeBytes)
        .containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void a_claim_of_a_killed_process_blocks_its_label_for_a_day() throws IOException {
    left(".claim-" + LABEL, Duration.ofHours(1));

    assertThatThrownBy(() -> publish(storeAt(NOW), LABEL)).isInstanceOf(LabelTaken.class);
    publish(storeAt(NOW), LABEL.next());
    publish(storeAt(NOW.plus(Duration.ofHours(24))), LABEL);

    assertThat(storeAt(NOW).list(ArchiveOwner.anyone()).complete()).hasSize(2);
  }
}
