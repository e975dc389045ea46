package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which archive a command takes, and what it says of it. */
class WhichArchiveTest {

  private static final Clock AHEAD =
      Clock.fixed(Instant.parse("2099-01-01T00:00:00Z"), ZoneOffset.UTC);
  private static final String IN_THE_FUTURE =
      "sevenfold: warning: %s says that it was captured at 2099-01-01T00:00:00Z, and it is ";

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 3);
    Files.writeString(
        shop.config(), Shop.yaml() + "system:\n  databases: {primary: production.sqlite3}\n");
  }

  private String backUpTheSystemAheadOfTime() {
    try (SystemBackups system =
        SystemBackups.builder(DirectoryArchiveStore.at(shop.store()))
            .source(
                SqliteSystemSource.builder()
                    .database("primary", shop.database())
                    .clock(AHEAD)
                    .build())
            .clock(AHEAD)
            .scratch(shop.scratch())
            .build()) {
      return system.backup().point().label().value();
    }
  }

  private String backUpTheTenantAheadOfTime(int tenant) {
    try (BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(
                        shop.database(), Config.read(shop.config()).requireTenants())
                    .clock(AHEAD)
                    .build(),
                DirectoryArchiveStore.at(shop.store()))
            .clock(AHEAD)
            .scratch(shop.scratch())
            .build()) {
      return service.backup(TenantId.of(tenant)).restorePoint().label().value();
    }
  }

  private Cli restoreLatest() {
    return Cli.run(
        shop.withConfig(
            "system",
            "restore",
            "--label",
            "latest",
            "--into",
            folder.resolve("new machine").toString()));
  }

  private String backUpTheSystem() {
    return Cli.done(shop.withConfig("system", "backup")).lastLine();
  }

  @Test
  void latest_is_what_was_made_last_and_not_what_a_clock_of_the_future_made() {
    for (int i = 0; i < 3; i++) {
      backUpTheSystemAheadOfTime();
    }
    String last = backUpTheSystem();

    Cli restore = restoreLatest();

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.lines().get(0)).startsWith("restoring " + last + ", captured at 20");
    assertThat(restore.out()).contains("restored from " + last + ", captured at ");
    assertThat(restore.lastLine()).isEqualTo("restored");
    assertThat(restore.err()).isEmpty();
  }

  @Test
  void an_instant_in_the_future_is_said() {
    String ahead = backUpTheSystemAheadOfTime();
    String tenant = backUpTheTenantAheadOfTime(1);

    assertThat(restoreLatest().err()).startsWith(IN_THE_FUTURE.formatted(ahead));
    assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", tenant).err())
        .startsWith(IN_THE_FUTURE.formatted(tenant));
  }

  @Test
  void newer_ones_that_cannot_be_read_or_are_not_verified_are_named() throws IOException {
    String good = backUpTheSystem();
    String unproven = backUpTheSystem();
    String damaged = backUpTheSystem();
    Files.writeString(
        StoreFiles.file(folder.resolve("backups"), unproven, ".marks.json"), "rubbish");
    spoil(damaged);

    Cli restore = restoreLatest();

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.out()).contains("restored from " + good + ", captured at ");
    assertThat(restore.err())
        .contains("warning: " + damaged + " is, or may be, newer, and cannot be read: ")
        .contains("warning: " + unproven + " is newer, and not verified\n");
    assertThat(shop.cli("system", "list").err()).contains("warning: the archive " + damaged);
  }

  private void spoil(String label) throws IOException {
    byte[] bytes = Files.readAllBytes(shop.archive(label));
    bytes[30] ^= 1;
    // Shorter, too: what is as long as it was recorded is not opened for a list.
    Files.write(shop.archive(label), Arrays.copyOf(bytes, bytes.length - 1));
  }

  @Test
  void an_undo_says_what_it_goes_back_to_and_refuses_where_that_is_not_known() throws IOException {
    String label = shop.backup(1);
    Map<String, List<String>> before = dump();
    shop.vandalise(1);
    String first = restore(label);
    shop.vandalise(1);
    Map<String, List<String>> spoilt = dump();
    String second = restore(label);

    Cli undo = shop.cli("tenant", "undo", "--tenant", "1");

    assertThat(undo.lines().get(0)).startsWith("restoring " + second + ", captured at ");
    assertThat(undo.out()).contains("restored from " + second + ", captured at ");
    assertThat(undo.lastLine()).isEqualTo("restored");
    assertThat(dump()).isEqualTo(spoilt);

    String third = restore(label);
    spoil(third);
    Cli refused = shop.cli("tenant", "undo", "--tenant", "1");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains(third).contains("by its label");
    assertThat(dump()).isEqualTo(before);

    // The way out that it names.
    assertThat(shop.cli("tenant", "list", "--tenant", "1", "--safety").out()).contains(first);
    Cli chosen = shop.cli("tenant", "restore", "--tenant", "1", "--label", second);
    assertThat(chosen.out()).contains("restored from " + second + ", captured at ");
    assertThat(dump()).isEqualTo(spoilt);
    assertThat(shop.cli("tenant", "undo", "--tenant", "1").code()).isZero();
    assertThat(dump()).isEqualTo(before);
  }

  @Test
  void a_restore_without_a_difference_hides_no_restore_from_three_undos() throws IOException {
    String label = shop.backup(1);
    Map<String, List<String>> before = dump();
    shop.vandalise(1);
    Map<String, List<String>> spoilt = dump();
    restore(label);

    Cli nothing = shop.cli("tenant", "restore", "--tenant", "1", "--label", label);
    Cli json = shop.cli("tenant", "restore", "--tenant", "1", "--label", label, "--json");

    assertThat(nothing.code()).isZero();
    assertThat(nothing.out()).contains("nothing differed");
    assertThat(nothing.lastLine()).isEqualTo("restored");
    assertThat(JsonText.object(json.out())).doesNotContainKey("safetyLabel");
    for (Map<String, List<String>> expected : List.of(spoilt, before, spoilt)) {
      assertThat(shop.cli("tenant", "undo", "--tenant", "1").code()).isZero();
      assertThat(dump()).isEqualTo(expected);
    }
  }

  /** Restores, and returns the label of what it can be undone with. */
  private String restore(String label) {
    Cli restore =
        Cli.done(shop.withConfig("tenant", "restore", "--tenant", "1", "--label", label, "--json"));
    return JsonText.text(JsonText.object(restore.out()), "safetyLabel");
  }

  /**
   * The rows. A file that was missing is missing in the archive, too, and no undo takes it away.
   */
  private Map<String, List<String>> dump() throws IOException {
    Map<String, List<String>> dump = new TreeMap<>(shop.dump());
    dump.remove("files");
    return dump;
  }
}
