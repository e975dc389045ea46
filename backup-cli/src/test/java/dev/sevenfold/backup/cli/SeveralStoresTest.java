package dev.sevenfold.backup.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted archives and mirrors, as the config names them. */
class SeveralStoresTest {

  // Of a key that was made for these tests, and is used for nothing else.
  private static final String RECIPIENT =
      "age1u7hyp3f2dnprqm399mxnd5g7g6saneyk338qk2eu4fxrw62rrqcq57eyz8";
  private static final String IDENTITY =
      "AGE-SECRET-KEY-13CTG9RCRY0YD5420UY90308JN267Q5VCX3JMMVCFVWJYNZZV2YUQC7Q6CH";

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 2);
    Files.writeString(folder.resolve("backup.key"), IDENTITY + "\n");
    Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
  }

  private void store(String yaml) throws IOException {
    Files.writeString(
        shop.config(),
        Shop.yaml().replace("store: {directory: backups}", "store: " + yaml)
            + "system: {databases: {primary: production.sqlite3}, files: {uploads: storage}}\n");
  }

  private static List<String> names(Path folder, String suffix) throws IOException {
    return StoreFiles.names(folder).stream().filter(name -> name.endsWith(suffix)).toList();
  }

  @Test
  void a_key_that_is_not_there_is_a_mistake_in_the_config() throws IOException {
    store("{directory: backups, age: {recipients: [%s], identity: gone.key}}".formatted(RECIPIENT));
    Cli age = shop.cli("tenant", "list", "--tenant", "1");
    store("{sftp: {host: localhost, port: 1, user: a, path: b, key: gone.key}}");
    Cli sftp = shop.cli("tenant", "list", "--tenant", "1");

    for (Cli cli : List.of(age, sftp)) {
      assertThat(cli.code()).as("%s", cli).isEqualTo(2);
      assertThat(cli.firstError()).contains("line ", folder.resolve("gone.key").toString());
    }
  }

  @Test
  void encrypts_for_a_recipient_and_gives_the_archive_out_decrypted() throws IOException {
    store(
        "{directory: backups, age: {recipients: [%s], identity: backup.key}}".formatted(RECIPIENT));
    String label = Cli.done(shop.withConfig("system", "backup")).lastLine();
    Path out = folder.resolve("out.tar.gz");

    Cli get = shop.cli("archive", "get", "--label", label, "--out", out.toString());

    assertThat(get.code()).as("%s", get).isZero();
    assertThat(names(shop.store(), ".age")).containsExactly(label + ".age");
    assertThat(Files.readString(StoreFiles.file(shop.store(), label, ".age"), ISO_8859_1))
        .startsWith("age-encryption.org/v1\n");
    assertThat(Cli.run("archive", "verify", out.toString()).lastLine()).isEqualTo("proven");
    Cli encrypted =
        Cli.run("archive", "verify", StoreFiles.file(shop.store(), label, ".age").toString());
    assertThat(encrypted.code()).isEqualTo(3);
    assertThat(encrypted.err()).contains(".age is encrypted with age\nDecrypt it first");
    assertThat(
            shop.cli(
                    "system",
                    "restore",
                    "--label",
                    "latest",
                    "--into",
                    folder.resolve("new").toString())
                .lastLine())
        .isEqualTo("restored");
  }

  @Test
  void encrypts_with_a_passphrase_of_a_file_or_of_the_environment() throws IOException {
    store("{directory: backups, age: {passphrase: {file: passphrase}}}");
    Cli done = Cli.done(shop.withConfig("tenant", "backup", "--tenant", "1"));
    Cli verified = shop.cli("archive", "verify", "--label", done.lastLine());
    // A variable that is always there, with another content than the file.
    store("{directory: backups, age: {passphrase: {env: PATH}}}");
    Cli wrong = shop.cli("archive", "verify", "--label", done.lastLine());

    assertThat(verified.lastLine()).as("%s", verified).isEqualTo("proven");
    assertThat(wrong.code()).as("%s", wrong).isNotZero();
    assertThat(wrong.err()).doesNotContain(System.getenv("PATH")).doesNotContain("horse");
  }

  @Test
  void a_secret_in_the_config_is_refused_and_not_repeated() throws IOException {
    store("{directory: backups, age: {passphrase: hunter2}}");
    Cli age = shop.cli("system", "list");
    store("{sftp: {host: h, user: u, path: p, password: hunter2}}");
    Cli sftp = shop.cli("system", "list");

    for (Cli cli : List.of(age, sftp)) {
      assertThat(cli.code()).as("%s", cli).isEqualTo(2);
      assertThat(cli.err()).contains("is written out").doesNotContain("hunter2");
    }
  }

  @Test
  void a_secret_that_is_not_there_is_told_with_its_place() throws IOException {
    store("{directory: backups, age: {passphrase: {env: SEVENFOLD_IS_NOT_SET}}}");
    Cli variable = shop.cli("system", "list");
    store("{directory: backups, age: {passphrase: {file: nowhere}}}");
    Cli file = shop.cli("system", "list");
    store("{directory: backups, age: {recipients: [age1nonsense]}}");
    Cli recipient = shop.cli("system", "list");

    assertThat(variable.code()).isEqualTo(2);
    assertThat(variable.firstError())
        .contains("store.age.passphrase names the environment variable SEVENFOLD_IS_NOT_SET");
    assertThat(file.code()).isEqualTo(2);
    assertThat(file.firstError()).contains("store.age.passphrase names the file");
    assertThat(recipient.code()).isEqualTo(2);
    assertThat(recipient.firstError()).contains("store.age cannot be used");
  }

  @Test
  void a_mirror_has_both_and_each_place_keeps_its_own() throws IOException {
    store(
        """
        {mirror: [
          {directory: backups, retention: {keep_last: 1}},
          {directory: elsewhere, age: {recipients: [%s], identity: backup.key}, retention: {keep_last: 2}}]}
        """
            .formatted(RECIPIENT)
            .strip());
    for (int i = 0; i < 3; i++) {
      Cli.done(shop.withConfig("system", "backup"));
    }

    assertThat(names(folder.resolve("backups"), ".tar.gz")).hasSize(1);
    assertThat(names(folder.resolve("elsewhere"), ".age")).hasSize(2);
    assertThat(JsonText.list(shop.cli("system", "list", "--json").out())).hasSize(2);
  }

  @Test
  void a_mirror_fails_with_1_when_its_second_place_does_and_keeps_the_first() throws IOException {
    Files.writeString(folder.resolve("elsewhere"), "a file in the place of the folder");
    store("{mirror: [{directory: backups}, {directory: elsewhere}]}");

    Cli backup = shop.cli("system", "backup");

    assertThat(backup.code()).as("%s", backup).isEqualTo(1);
    assertThat(backup.err()).contains("is kept in directory").contains("elsewhere");
    store("{directory: backups}");
    assertThat(shop.cli("system", "list").out()).containsPattern("system_\\d+ .* yes");
  }
}
