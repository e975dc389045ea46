package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No backup has the secret of a signing key, whichever config it is of and however it is named. */
class SigningKeysInTreeTest {

  private static final String SYSTEM =
      """
      system:
        databases: {primary: production.sqlite3}
        files: {app: .}
      """;

  @TempDir Path temporary;
  private Path folder;
  private Shop shop;

  @BeforeEach
  void create() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("app"));
    shop = Shop.create(folder, 1);
    Files.writeString(shop.config(), Shop.yaml() + SYSTEM);
  }

  private static Cli cli(Path config, String group, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(group, command, "--config"));
    all.add(config.toString());
    all.addAll(List.of(arguments));
    return Cli.done(all.toArray(String[]::new));
  }

  private static String secret(Path keys) throws IOException {
    return Files.readString(keys).substring(17, 81);
  }

  /** Backs the system up, and gives what is in the archive. */
  private String backUp(Path config) throws IOException {
    String label = cli(config, "system", "backup").lastLine();
    Path archive = temporary.resolve(label + ".tar.gz");
    cli(config, "archive", "get", "--label", label, "--out", archive.toString());
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void those_of_another_config_beside_it_are_left_out_and_stay_when_the_system_is_restored()
      throws IOException {
    Path offsite = folder.resolve("offsite.yml");
    Files.writeString(offsite, Files.readString(shop.config()));
    Path keys = folder.resolve("offsite.signing-keys");
    cli(offsite, "tenant", "list", "--tenant", "1");
    String first = secret(keys);

    String archive = backUp(shop.config());

    assertThat(archive).contains("offsite.yml").doesNotContain(first);
    cli(offsite, "key", "rotate");
    String rotated = Files.readString(keys);
    Cli restore =
        cli(shop.config(), "system", "restore", "--label", "latest", "--into", folder.toString());
    assertThat(keys).hasContent(rotated);
    assertThat(restore.out())
        .contains("the signing keys, " + folder.resolve("sevenfold.signing-keys"))
        .contains("a signing key, " + folder);
  }

  @Test
  void a_config_behind_a_link_has_the_keys_of_the_file_itself() throws IOException {
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Path link = Files.createSymbolicLink(etc.resolve("linked.yml"), shop.config());
    Files.writeString(
        shop.config(),
        (Shop.yaml() + SYSTEM)
            .replace("production.sqlite3", folder.resolve("production.sqlite3").toString())
            .replace("app: .", "app: " + folder)
            .replace("backups", shop.store().toString()));
    cli(shop.config(), "tenant", "list", "--tenant", "1");
    Path keys = folder.resolve("sevenfold.signing-keys");
    String before = Files.readString(keys);

    String archive = backUp(link);

    assertThat(keys).hasContent(before);
    assertThat(etc.resolve("linked.signing-keys")).doesNotExist();
    assertThat(archive).contains("sevenfold.yml").doesNotContain(secret(keys));
  }

  @Test
  void what_is_about_to_take_their_place_is_left_out_also_where_a_link_leads() throws IOException {
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    Path keys = secrets.resolve("ours");
    Files.createSymbolicLink(folder.resolve("keys"), keys);
    Files.writeString(shop.config(), Shop.yaml() + SYSTEM + "signing: {keys: keys}\n");
    Files.writeString(keys, "key-123456789abc " + "0123456789abcdef".repeat(4) + "\n");
    List<OwnPlace> places = Config.read(shop.config()).ownPlaces();
    for (Path begun :
        List.of(
            secrets.resolve("ours.new-1"),
            folder.resolve("keys.new-1"),
            folder.resolve("sevenfold.signing-keys.new-1"))) {
      Files.writeString(begun, "a secret of " + begun);
      assertThat(places)
          .anyMatch(
              place ->
                  place.path().equals(begun.getParent())
                      && place.isOwnName(begun.getFileName().toString()));
    }
    Files.writeString(secrets.resolve("ours.txt"), "not of keys");

    String archive = backUp(shop.config());

    assertThat(archive)
        .contains("not of keys")
        .doesNotContain("a secret of", "0123456789abcdef".repeat(4));
  }
}
