package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code chattr +a}: files can be added to a folder, and none renamed or removed. */
class AppendOnlyFolderTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final ArchiveRecord VERIFIED =
      ArchiveRecord.NONE.withVerifiedAt(Instant.parse("2026-11-22T01:02:03Z"));

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void protect() throws IOException {
    folder = Files.createDirectories(temp.resolve("backups/tenant_1"));
    assumeTrue(change("+a", folder) == 0, "The file system, or this user, has no chattr");
    folder = temp.resolve("backups");
    change("+a", folder);
  }

  @AfterEach
  void release() throws IOException {
    change("-a", folder);
    change("-a", folder.resolve("tenant_1"));
  }

  private static int change(String how, Path folder) throws IOException {
    try {
      return new ProcessBuilder("chattr", how, folder.toString()).start().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Large files of one name alone: what takes up space beside the archives. */
  private List<Path> leftovers() throws IOException {
    List<Path> left = new ArrayList<>();
    for (Path file : StoreFiles.all(folder)) {
      boolean upload = file.getFileName().toString().startsWith(".upload-");
      if (upload && Files.size(file) > 10_000 && Files.getAttribute(file, "unix:nlink").equals(1)) {
        left.add(file);
      }
    }
    return left;
  }

  @Test
  void archives_are_kept_and_recorded() throws IOException {
    ArchiveStore store = DirectoryArchiveStore.at(folder);

    store.publish(LABEL, ArchiveRecord.NONE.withPinned(true), out -> out.write(new byte[50_000]));
    store.record(LABEL, VERIFIED);

    assertThat(DirectoryArchiveStore.at(folder).stat(LABEL).record()).isEqualTo(VERIFIED);
    assertThat(DirectoryArchiveStore.at(folder).list(ArchiveOwner.anyone()).complete()).hasSize(1);
    assertThatThrownBy(() -> store.delete(LABEL))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("not permitted");
    assertThat(store.stat(LABEL).record()).isEqualTo(VERIFIED);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void an_upload_that_is_broken_off_leaves_an_empty_file() throws IOException {
    assertThatThrownBy(
            () ->
                DirectoryArchiveStore.at(folder)
                    .publish(
                        LABEL,
                        out -> {
                          out.write(new byte[50_000]);
                          throw new IOException("the disk of the scratch folder failed");
                        }))
        .hasMessageContaining("the disk of the scratch folder failed");

    assertThat(leftovers()).isEmpty();
  }

  @Test
  void a_backup_is_done_and_says_what_retention_could_not_delete() throws IOException {
    SharedDatabase database = SharedDatabase.create(temp, 2, 7);
    try (BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(),
                DirectoryArchiveStore.at(folder))
            .scratch(temp.resolve("scratch"))
            .retention(RetentionPolicy.keepLast(1))
            .build()) {
      BackupReport first = service.backup(TenantId.of(1));
      BackupReport second = service.backup(TenantId.of(1));

      assertThat(first.warnings()).isEmpty();
      assertThat(second.restorePoint().verified()).isTrue();
      assertThat(second.deleted()).isEmpty();
      assertThat(second.warnings())
          .singleElement()
          .asString()
          .contains("older archives were not pruned", "not permitted");
      assertThat(service.restorePoints(TenantId.of(1))).hasSize(2);
    }
  }
}
