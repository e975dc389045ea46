package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.StoreFiles;
import dev.sevenfold.testsupport.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * One tenant that is no more than a word, its archives in a folder, and a clock that may be wrong.
 * Every call is a service of its own, as a command is: nothing is remembered.
 */
final class UndoWorld {

  static final TenantId ONE = TenantId.of(1);

  final TestClock clock = TestClock.tickingFrom("2026-11-22T12:00:00Z");
  private final Path folder;
  private final Lab lab;

  UndoWorld(Path folder) {
    this.folder = folder;
    this.lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE words (id INTEGER PRIMARY KEY, tenant_id INTEGER, word TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO words VALUES (1, 1, 'first'), (2, 2, 'other')");
  }

  ArchiveStore store() {
    return DirectoryArchiveStore.at(folder.resolve("store"));
  }

  BackupService.Builder builder(ArchiveStore store) {
    return BackupService.builder(
            SqliteTenantSource.builder(
                    lab.file(), TenantModel.rootedAt("tenants").column("tenant_id").build())
                .clock(clock)
                .build(),
            store)
        .clock(clock);
  }

  BackupService service() {
    return builder(store()).build();
  }

  /** As {@link #service()}, of a writer that signs, and reads only what is signed. */
  BackupService signing() {
    return builder(store()).signing(SigningKeys.of("key", new byte[32])).build();
  }

  void write(String word) {
    lab.update("UPDATE words SET word = ? WHERE id = 1", word);
  }

  String word() {
    return lab.query("SELECT word FROM words WHERE id = 1");
  }

  /** Backs up the tenant as this word. */
  Label backup(String word) {
    write(word);
    return service().backup(ONE).restorePoint().label();
  }

  /** Restores over this word, and returns the label of what it can be undone with. */
  Label restoreOver(String word, Label label) {
    return restoreOver(word, label, service());
  }

  Label restoreOver(String word, Label label, BackupService service) {
    write(word);
    return service.restore(ONE, label).safety().orElseThrow().label();
  }

  /** Spoils an archive from its beginning on: it does not say what it is, and is not as long. */
  void damage(Label label) {
    damage(label, 1);
  }

  /** As {@link #damage}, and it is as long as it was recorded: no list notices. */
  void damageUnseen(Label label) {
    damage(label, 0);
  }

  private void damage(Label label, int lost) {
    try {
      byte[] bytes = Files.readAllBytes(file(label));
      bytes[30] ^= 1;
      Files.write(file(label), Arrays.copyOf(bytes, bytes.length - lost));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts an archive in the place of another one, as if it had the same size. */
  void replaceUnseen(Label label, Label with) {
    try {
      long recorded = Files.size(file(label));
      Files.copy(file(with), file(label), StandardCopyOption.REPLACE_EXISTING);
      String json = Files.readString(recordFile(label));
      assertThat(json).contains("\"fileBytes\":" + recorded + ",");
      Files.writeString(
          recordFile(label),
          json.replace("\"fileBytes\":" + recorded, "\"fileBytes\":" + Files.size(file(label))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As if an earlier version had published it, whose records have no summary. */
  void forgetSummary(Label label) {
    store().record(label, store().stat(label).record().withoutSummary());
  }

  Path file(Label label) {
    return StoreFiles.file(folder.resolve("store"), label, ".tar.gz");
  }

  Path recordFile(Label label) {
    return StoreFiles.file(folder.resolve("store"), label, ".marks.json");
  }
}
