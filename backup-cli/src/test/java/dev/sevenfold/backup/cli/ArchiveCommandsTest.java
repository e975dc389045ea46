package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveCommandsTest {

  @TempDir Path folder;
  Shop shop;
  String label;

  @BeforeEach
  void back_up() {
    shop = Shop.create(folder, 2);
    label = shop.backup(2);
  }

  @Test
  void proves_an_archive_of_the_store_and_a_file_from_anywhere() {
    Cli stored = shop.cli("archive", "verify", "--label", label);
    Cli file = Cli.run("archive", "verify", shop.archive(label).toString());
    Cli json = Cli.run("archive", "verify", "--json", shop.archive(label).toString());

    assertThat(stored.code()).isZero();
    assertThat(stored.lastLine()).isEqualTo("proven");
    assertThat(file.code()).isZero();
    assertThat(file.lastLine()).isEqualTo("proven");
    assertThat(JsonText.object(json.out()))
        .containsEntry("tenant", "2")
        .containsEntry("proven", true);
  }

  @Test
  void does_not_prove_what_is_damaged() throws IOException {
    byte[] bytes = Files.readAllBytes(shop.archive(label));
    bytes[bytes.length - 30] ^= 1;
    Files.write(shop.archive(label), bytes);

    Cli stored = shop.cli("archive", "verify", "--label", label);
    Cli file = Cli.run("archive", "verify", shop.archive(label).toString());

    assertThat(stored.code()).isEqualTo(3);
    assertThat(stored.out()).isEmpty();
    assertThat(file.code()).isEqualTo(3);
    assertThat(file.out()).isEmpty();
    Map<String, Object> point =
        JsonText.list(shop.cli("tenant", "list", "--tenant", "2", "--json").out()).get(0);
    assertThat(point).containsEntry("proven", false);
  }

  @Test
  void does_not_prove_garbage() throws IOException {
    for (String text : new String[] {"", "x", "hello world, I am no archive", "\u001f\u008b\b"}) {
      Path garbage = folder.resolve("garbage");
      Files.writeString(garbage, text, StandardCharsets.ISO_8859_1);
      Cli verify = Cli.run("archive", "verify", garbage.toString());
      assertThat(verify.code()).as("%s", verify).isEqualTo(3);
      assertThat(verify.firstError()).startsWith("sevenfold: " + garbage);
    }
    assertThat(Cli.run("archive", "verify", folder + "/nothing").code()).isEqualTo(2);
  }

  @Test
  void copies_an_archive_out_whole_and_readable_by_its_owner_alone() throws IOException {
    Path out = folder.resolve("out.tar.gz");

    Cli get = shop.cli("archive", "get", "--label", label, "--out", out.toString());

    assertThat(get.code()).isZero();
    assertThat(out).hasSameBinaryContentAs(shop.archive(label));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
  }

  @Test
  void overwrites_an_empty_file_and_nothing_else() throws IOException {
    Path out = Files.createFile(folder.resolve("made by mktemp"));

    assertThat(get(label, out).code()).isZero();
    Cli again = get(label, out);
    Files.writeString(out, "mine");
    Cli mine = get(label, out);

    assertThat(again.code()).isEqualTo(2);
    assertThat(mine.firstError()).contains("is there already");
    assertThat(out).hasContent("mine");
    assertThat(get(label, folder.resolve("no/such/folder")).code()).isEqualTo(2);
  }

  @Test
  void deletes_an_archive_but_never_the_newest_verified_one() {
    String older = shop.backup(1);
    String newest = shop.backup(1);

    Cli refused = shop.cli("archive", "delete", "--label", newest);
    Cli deleted = shop.cli("archive", "delete", "--label", older);
    Cli again = shop.cli("archive", "delete", "--label", older);

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).startsWith("sevenfold: " + newest + " is the newest verified backup");
    assertThat(deleted.code()).isZero();
    assertThat(deleted.lastLine()).isEqualTo("deleted");
    assertThat(shop.archive(older)).doesNotExist();
    assertThat(shop.archive(newest)).exists();
    assertThat(again.code()).isNotZero();
    assertThat(again.err()).contains("There is no archive " + older);
  }

  @Test
  void what_is_held_is_deleted_by_nobody_until_it_is_released() {
    String older = shop.backup(1);
    shop.backup(1);

    Cli held = shop.cli("archive", "pin", "--label", older, "--reason", "court order 7/26, \"Ø\"");
    Cli again = shop.cli("archive", "pin", "--label", older, "--json");
    Cli refused = shop.cli("archive", "delete", "--label", older);
    Cli listed = shop.cli("tenant", "list", "--tenant", "1");

    assertThat(held.lastLine()).isEqualTo("pinned");
    assertThat(again.out()).contains("\"pinned\":true,\"hold\":\"court order 7/26, \\\"\\u00D8");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.firstError())
        .isEqualTo("sevenfold: %s is held, and stays: court order 7/26, \"Ø\"".formatted(older));
    assertThat(shop.archive(older)).exists();
    assertThat(listed.out()).contains("held: court order 7/26, \"Ø\"");

    assertThat(shop.cli("archive", "release", "--label", older).lastLine()).isEqualTo("released");
    assertThat(shop.cli("archive", "delete", "--label", older).lastLine()).isEqualTo("deleted");
    assertThat(shop.archive(older)).doesNotExist();
  }

  @Test
  void a_hold_needs_a_reason_of_one_line() {
    for (String reason : new String[] {"", "  ", "two\nlines", "x".repeat(201)}) {
      Cli refused = shop.cli("archive", "pin", "--label", label, "--reason", reason);

      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("one line of 1 to 200 characters");
    }
  }

  @Test
  void prunes_what_the_policy_does_not_keep_and_only_says_so_on_a_dry_run() throws Exception {
    String oldest = shop.backup(1);
    String older = shop.backup(1);
    String newest = shop.backup(1);
    String config = Files.readString(shop.config());
    Files.writeString(
        shop.config(),
        config.replaceFirst("(?m)^retention:.*\n", "") + "retention: {keep_last: 1}\n");

    Cli dry = shop.cli("archive", "prune", "--dry-run");
    assertThat(dry.code()).isZero();
    assertThat(dry.lines())
        .anyMatch(line -> line.startsWith("delete " + older + ": "))
        .anyMatch(line -> line.startsWith("keep " + newest + ": "))
        .anyMatch(line -> line.startsWith("keep " + label + ": "));
    assertThat(dry.lastLine()).isEqualTo("2 would be deleted");
    assertThat(shop.archive(oldest)).exists();

    assertThat(shop.cli("archive", "prune", "--tenant", "2").lastLine()).isEqualTo("0 deleted");
    Cli pruned = shop.cli("archive", "prune");

    assertThat(pruned.code()).isZero();
    assertThat(pruned.lines()).contains("delete " + older, "delete " + oldest);
    assertThat(pruned.lastLine()).isEqualTo("2 deleted");
    assertThat(shop.archive(oldest)).doesNotExist();
    assertThat(shop.archive(newest)).exists();
    assertThat(shop.archive(label)).exists();
  }

  @Test
  void says_that_it_could_not_prune_an_owner_whose_folder_cannot_be_listed() throws Exception {
    shop.backup(1);
    Path closed = shop.archive(label).getParent();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      for (String[] options : new String[][] {{}, {"--dry-run"}}) {
        Process prune = unprivileged(shop.withConfig("archive", "prune", options));
        String said =
            new String(prune.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(prune.waitFor()).as(said).isEqualTo(1);
        assertThat(said).contains("no permission for " + closed);
        assertThat(said.lines()).anyMatch(line -> line.matches("0 (would be )?deleted"));
      }
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Root, too, may not look then into what is closed. */
  private static Process unprivileged(String... arguments) throws IOException {
    ProcessBuilder builder = Jvm.of(Sevenfold.class, arguments).redirectErrorStream(true);
    if (System.getProperty("user.name").equals("root")) {
      List<String> command = new ArrayList<>();
      command.add(Programs.require("setpriv", "util-linux").toString());
      command.add("--bounding-set=-dac_override,-dac_read_search");
      command.addAll(builder.command());
      builder.command(command);
    }
    return builder.start();
  }

  @Test
  void leaves_no_file_behind_when_there_is_no_such_archive() {
    Path out = folder.resolve("out.tar.gz");

    Cli get = get("tenant_2_20200101000000", out);

    assertThat(get.code()).isEqualTo(3);
    assertThat(out).doesNotExist();
    assertThat(shop.cli("archive", "verify", "--label", "tenant_2_20200101000000").code())
        .isEqualTo(3);
  }

  private Cli get(String label, Path out) {
    return shop.cli("archive", "get", "--label", label, "--out", out.toString());
  }
}
