package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Cron starts programs in the locale C, where Java reads ASCII names alone. */
@EnabledOnOs(OS.LINUX)
class FileNamesOfAnotherLocaleTest {

  private static final TenantId TENANT = TenantId.of(1);

  @TempDir Path folder;

  @BeforeEach
  void create() throws IOException {
    Lab.plain(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, file TEXT)",
        "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO notes VALUES (1, 1, 'ü.txt'), (2, 2, 'plain.txt')");
    Files.createDirectory(folder.resolve("files"));
    // By a URI, since the locale of these tests may be any.
    URI umlaut = URI.create(folder.resolve("files").toUri() + "%C3%BC.txt");
    Files.writeString(Path.of(umlaut), "umlaut");
    Files.writeString(folder.resolve("files/plain.txt"), "plain");
  }

  @Test
  void are_backed_up_in_an_unicode_locale() throws Exception {
    assertThat(inLocale("C.UTF-8", "system")).isEqualTo("done");
    assertThat(inLocale("C.UTF-8", "tenant")).isEqualTo("done");
  }

  @Test
  void refuse_a_backup_of_the_system() throws Exception {
    assertThat(inLocale("C", "system"))
        .startsWith("BackupRefused")
        .contains("has a name that this Java cannot read: start it with LC_ALL=C.UTF-8");
  }

  @Test
  void refuse_a_backup_of_the_tenant_whose_row_names_one() throws Exception {
    assertThat(inLocale("C", "tenant"))
        .startsWith("BackupRefused: Rows name files that this Java cannot: the row [")
        .contains("of notes names files/notes/\\u00fc.txt", "start it with LC_ALL=C.UTF-8");
  }

  @Test
  void leave_the_backups_of_other_tenants_alone() throws Exception {
    assertThat(inLocale("C", "all")).isEqualTo("1 BackupRefused, 2 done");
  }

  @Test
  void refuse_a_restore_of_an_archive_that_has_one() throws Exception {
    inLocale("C.UTF-8", "tenant");

    assertThat(inLocale("C", "restore"))
        .startsWith("OperationFailed: The entry \"files/notes/\\u00fc.txt\" cannot be extracted")
        .contains("start it with LC_ALL=C.UTF-8");
  }

  @Test
  void refuse_a_restore_over_rows_that_name_one() throws Exception {
    Lab.plain(folder, "UPDATE notes SET file = 'plain.txt' WHERE id = 1");
    inLocale("C.UTF-8", "tenant");
    Lab.plain(folder, "UPDATE notes SET file = 'ü.txt' WHERE id = 1");

    assertThat(inLocale("C", "restore"))
        .startsWith("RestoreRefused")
        .contains("of notes names files/notes/\\u00fc.txt", "start it with LC_ALL=C.UTF-8");
  }

  private String inLocale(String locale, String work) throws Exception {
    ProcessBuilder process = Jvm.of(Worker.class, folder.toString(), work);
    process.environment().keySet().removeIf(name -> name.startsWith("LC_"));
    process.environment().put("LC_ALL", locale);
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).isZero();
    return said.strip();
  }

  /** Does one piece of work, and says how it ended, in ASCII. */
  static final class Worker {

    private final Path folder;

    private Worker(Path folder) {
      this.folder = folder;
    }

    /** Started by the test in a process of its own. */
    public static void main(String[] arguments) {
      String said;
      try {
        said = new Worker(Path.of(arguments[0])).work(arguments[1]);
      } catch (BackupException e) {
        said = e.getClass().getSimpleName() + ": " + e.getMessage();
      }
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      said.codePoints()
          .forEach(c -> out.print(c < 128 ? Character.toString(c) : "\\u%04x".formatted(c)));
      out.flush();
    }

    private String work(String what) {
      switch (what) {
        case "system" -> system().backup();
        case "tenant" -> service().backup(TENANT);
        case "restore" -> restore(service());
        default -> {
          return all(service().backupAll());
        }
      }
      return "done";
    }

    private static void restore(BackupService service) {
      Label label = service.restorePoints(TENANT).get(0).label();
      service.restore(TENANT, label);
    }

    private static String all(List<BackupOutcome> outcomes) {
      return String.join(
          ", ",
          outcomes.stream()
              .map(
                  outcome ->
                      outcome.tenant()
                          + " "
                          + outcome
                              .failure()
                              .map(failure -> failure.getClass().getSimpleName())
                              .orElse("done"))
              .toList());
    }

    private SystemBackups system() {
      return SystemBackups.builder(DirectoryArchiveStore.at(folder.resolve("store")))
          .source(
              SqliteSystemSource.builder()
                  .database("primary", database())
                  .tree("files", folder.resolve("files"))
                  .build())
          .build();
    }

    private BackupService service() {
      TenantModel model =
          TenantModel.rootedAt("tenants")
              .column("tenant_id")
              .files(folder.resolve("files"), "notes", "{file}")
              .build();
      return BackupService.builder(
              SqliteTenantSource.builder(database(), model).build(),
              DirectoryArchiveStore.at(folder.resolve("store")))
          .build();
    }

    private Path database() {
      return folder.resolve("app.sqlite3");
    }
  }
}
