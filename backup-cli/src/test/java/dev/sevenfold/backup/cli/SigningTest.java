package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program makes keys of its own, and knows by them what comes back. */
class SigningTest {

  @TempDir Path folder;
  private Shop shop;
  private Path keys;

  @BeforeEach
  void create() throws IOException {
    shop = shop("here");
    keys = shop.config().resolveSibling("sevenfold.signing-keys");
  }

  private Shop shop(String name) throws IOException {
    return Shop.create(Files.createDirectory(folder.resolve(name)), 2);
  }

  private Path copy(Shop of, String label) throws IOException {
    Path file = Files.createTempDirectory(folder, "sent").resolve(label + ".tar.gz");
    Cli.done(of.withConfig("archive", "get", "--label", label, "--out", file.toString()));
    return file;
  }

  private Cli relabel(Path file, String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(new String[] {"--tenant", "1", "--from", file.toString()}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return shop.cli("tenant", "relabel", all);
  }

  private void configure(String yaml) throws IOException {
    Files.writeString(shop.config(), Shop.yaml() + yaml + "\n");
  }

  /** As if everything was lost that the store knows. */
  private void loseTheStore() throws IOException {
    for (Path file : StoreFiles.all(shop.store())) {
      Files.delete(file);
    }
  }

  private static String unpacked(Path archive) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private List<String> ids() throws IOException {
    return Files.readAllLines(keys).stream().map(line -> line.split(" ", -1)[0]).toList();
  }

  @Test
  void the_first_use_makes_a_key_that_is_a_secret_and_signs() throws IOException {
    String label = shop.backup(1);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
    assertThat(keys).content().matches("key-[0-9a-f]{12} [0-9a-f]{64}\n");
    assertThat(unpacked(shop.archive(label)))
        .contains("manifest.sig", "HMAC-SHA256 " + ids().get(0));
    byte[] before = Files.readAllBytes(keys);
    Cli again = shop.cli("tenant", "backup", "--tenant", "1");
    assertThat(again.err()).isEmpty();
    assertThat(keys).hasBinaryContent(before);
  }

  @Test
  void what_another_machine_made_is_refused_until_somebody_consents() throws IOException {
    Shop elsewhere = shop("elsewhere");
    Path stranger = copy(elsewhere, elsewhere.backup(1));

    Cli refused = relabel(stranger);

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.firstError())
        .contains("not signed by a key of this host", "no record of it");
    assertThat(refused.err()).contains("take it in with --unsigned");
    assertThat(shop.cli("tenant", "list", "--tenant", "1", "--json").out()).isEqualTo("[]\n");

    Cli taken = relabel(stranger, "--unsigned");

    assertThat(taken.code()).isZero();
    assertThat(StoreFiles.file(shop.store(), taken.lastLine(), ".marks.json"))
        .content()
        .doesNotContain("trusted");
    assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", taken.lastLine()).code())
        .isZero();
  }

  @Test
  void what_retention_has_deleted_comes_back_also_when_the_keys_are_lost() throws IOException {
    String label = shop.backup(1);
    Path kept = copy(shop, label);
    shop.backup(1);
    Cli.done(shop.withConfig("archive", "delete", "--label", label));
    Files.delete(keys);

    assertThat(relabel(kept).code()).isZero();
  }

  @Test
  void a_rotated_key_is_still_accepted_until_its_line_is_gone() throws IOException {
    Path kept = copy(shop, shop.backup(1));
    String first = ids().get(0);

    Cli rotated = shop.cli("key", "rotate");

    assertThat(rotated.code()).isZero();
    assertThat(ids()).containsExactly(rotated.lastLine(), first);
    assertThat(rotated.out()).doesNotContain(Files.readString(keys).substring(17, 40));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
    assertThat(unpacked(shop.archive(shop.backup(1))))
        .contains("HMAC-SHA256 " + rotated.lastLine());
    loseTheStore();
    assertThat(relabel(kept).code()).isZero();

    loseTheStore();
    Files.write(keys, Files.readAllLines(keys).subList(0, 1));
    assertThat(relabel(kept).code()).isEqualTo(3);
  }

  @Test
  void rotating_makes_the_first_key_where_there_is_none() throws IOException {
    Cli rotated = shop.cli("key", "rotate");

    assertThat(ids()).containsExactly(rotated.lastLine());
  }

  @Test
  void a_new_key_makes_nothing_of_the_store_stricter() throws IOException {
    configure("signing: {keys: production.sqlite3/none}");
    String unsigned = Cli.done(shop.withConfig("tenant", "backup", "--tenant", "1")).lastLine();
    configure("signing: {keys: others}");
    String signedByOthers = shop.backup(1);
    configure("");

    assertThat(JsonText.list(shop.cli("tenant", "list", "--tenant", "1", "--json").out()))
        .hasSize(2);
    shop.vandalise(1);
    for (String label : List.of(unsigned, signedByOthers)) {
      assertThat(shop.cli("archive", "verify", "--label", label).code()).isZero();
      assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", label).code()).isZero();
      assertThat(shop.cli("tenant", "undo", "--tenant", "1").code()).isZero();
    }
  }

  @Test
  void where_no_key_can_be_made_a_warning_says_so_and_the_work_goes_on() throws IOException {
    configure("signing: {keys: production.sqlite3/none}");

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).isZero();
    assertThat(backup.err())
        .containsOnlyOnce("warning: archives are not signed")
        .contains("production.sqlite3/none", "signing: {keys: FILE}");
    assertThat(unpacked(shop.archive(backup.lastLine()))).doesNotContain("manifest.sig");
    assertThat(relabel(copy(shop, backup.lastLine())).code()).isZero();
  }

  @Test
  void a_file_that_is_none_of_keys_is_a_wrong_config_and_no_secret_is_told() throws IOException {
    shop.backup(1);
    String good = Files.readString(keys);
    String secret = good.substring(17, 81);
    for (String bad :
        List.of(
            "",
            "key-1 " + secret.substring(2),
            "key-1 " + secret + " x",
            "key/1 " + secret,
            secret,
            "key-1 x" + secret,
            good.strip())) {
      Files.writeString(keys, "# mine\n" + (bad.isEmpty() ? "" : good) + bad + "\n");
      for (Cli cli :
          List.of(shop.cli("tenant", "list", "--tenant", "1"), shop.cli("key", "rotate"))) {
        assertThat(cli.code()).as(bad).isEqualTo(2);
        assertThat(cli.firstError()).contains(keys.toString());
        assertThat(cli.firstError()).contains(bad.isEmpty() ? "has no signing key" : "line 3");
        assertThat(cli.err() + cli.out()).doesNotContain(secret.substring(3, 20));
      }
    }
  }

  @Test
  void keys_that_others_may_read_are_warned_of() throws IOException {
    shop.backup(1);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r-----"));

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).isZero();
    assertThat(backup.err()).contains("warning", keys.toString(), "chmod 600");
  }

  @Test
  void keys_that_are_required_are_not_made_in_silence_and_read_signed_archives_alone()
      throws IOException {
    configure("signing: {keys: production.sqlite3/none}");
    String unsigned = Cli.done(shop.withConfig("tenant", "backup", "--tenant", "1")).lastLine();
    configure("signing: {required: true}");
    Cli none = shop.cli("tenant", "backup", "--tenant", "1");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.firstError()).contains(keys.toString(), "signing.required");

    Cli.done(shop.withConfig("key", "rotate"));

    assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", unsigned).code())
        .isEqualTo(1);
    String signed = shop.backup(1);
    assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", signed).code()).isZero();
  }

  @Test
  void the_keys_are_in_no_backup_of_the_system_which_says_so() throws IOException {
    configure(
        """
        system:
          databases: {primary: production.sqlite3}
          files: {all: .}
        """);
    Cli.done(shop.withConfig("key", "rotate"));
    String secret = Files.readString(keys).substring(17, 81);

    Cli backup = shop.cli("system", "backup");

    assertThat(backup.code()).isZero();
    assertThat(backup.err()).contains("left out", "the signing keys sevenfold.signing-keys");
    String archive = unpacked(shop.archive(backup.lastLine()));
    assertThat(archive).contains("sevenfold.yml").doesNotContain(secret);
    assertThat(archive).doesNotContain("sevenfold.signing-keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /                 | 2 | which is no file                  | Write the path of a file
          storage/UP        | 2 | which is no file                  | Write the path of a file
          missing/mine      | 0 | there is no folder FOLDER/missing | Make the folder, or name another
          backups           | 0 | it is a folder                    | Move the folder away, or name another
          dangling          | 0 | is a link to what is not there    | remove the link
          forbidden         | 0 | that is not permitted             | chown USER FOLDER/forbidden
          """)
  void advice_is_for_what_is_wrong_with_the_place(String place, int code, String what, String then)
      throws IOException {
    Path here = Objects.requireNonNull(shop.database().getParent());
    Files.createDirectories(shop.store());
    Files.createSymbolicLink(here.resolve("dangling"), here.resolve("gone"));
    if (place.equals("forbidden")) {
      // Nor may root read it.
      Path write = Path.of("/proc/sys/vm/compact_memory");
      Files.createSymbolicLink(here.resolve(place), write);
      assumeTrue(Files.exists(write) && !Files.isReadable(write), "There is no such file here");
    }
    String advice =
        then.replace("FOLDER", here.toString()).replace("USER", System.getProperty("user.name"));
    String up = "../".repeat(here.getNameCount() + 1);
    configure("signing: {keys: " + place.replace("UP", up) + "}");

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).as("%s", backup).isEqualTo(code);
    assertThat(backup.err()).contains(what.replace("FOLDER", here.toString()), advice);
    if (code == 0) {
      assertThat(backup.err()).containsOnlyOnce("warning: archives are not signed: ");
      assertThat(backup.err()).doesNotContain("there is no key");
      if (then.contains("name another")) {
        assertThat(backup.err()).contains("another file, as signing: {keys: FILE} in the config");
      }
      configure("signing: {required: true, keys: " + place + "}");
      Cli required = shop.cli("tenant", "backup", "--tenant", "1");
      assertThat(required.code()).isEqualTo(2);
      assertThat(required.err()).doesNotContain("warning").contains("signing.required");
      if (!place.contains("missing")) {
        assertThat(required.err()).contains(what, advice);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"storage", "..", "nearby"})
  void a_folder_in_their_place_leaves_no_file_of_a_tenant_out(String place) throws IOException {
    Path here = Objects.requireNonNull(shop.database().getParent());
    Files.createSymbolicLink(here.resolve("nearby"), here);
    configure("signing: {keys: %s}".formatted(place));

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).as("%s", backup).isZero();
    assertThat(backup.out()).contains(" files, ").doesNotContain(" 0 files, ");
    assertThat(backup.err()).doesNotContain("left out");
  }

  @Test
  void no_row_of_a_tenant_has_them_as_its_file() throws IOException {
    assertThat(Config.read(shop.config()).placesBesideTenants())
        .anyMatch(place -> place.path().equals(keys));
    configure("signing: {keys: storage/ab/cd/abcdef}");
    assertThat(Config.read(shop.config()).placesBesideTenants())
        .anyMatch(place -> place.path().equals(shop.storage().resolve("ab/cd/abcdef")));
  }
}
