package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftpStoreTest {

  @TempDir Path folder;
  final SshServer server = SshServer.setUpDefaultServer();
  Shop shop;

  @BeforeEach
  void start_a_server_and_name_it_in_the_config() throws Exception {
    KeyPair hostKey = newKey();
    KeyPair userKey = newKey();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) -> user.equals("app") && key.equals(userKey.getPublic()));
    server.setFileSystemFactory(new NativeFileSystemFactory(true));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    server.start();
    shop = Shop.create(folder, 2);
    Files.writeString(folder.resolve("id_rsa"), pem(userKey));
    Files.writeString(
        folder.resolve("known_hosts"),
        "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(hostKey.getPublic()));
    Files.writeString(
        shop.config(),
        Shop.yaml()
            .replace(
                "store: {directory: backups}",
                "store: {sftp: {host: 127.0.0.1, port: %d, user: app, path: %s, key: id_rsa, known_hosts: known_hosts}}"
                    .formatted(server.getPort(), shop.store())));
  }

  private static KeyPair newKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(true);
  }

  @Test
  void keeps_archives_on_another_machine_and_restores_from_there() throws IOException {
    Map<String, List<String>> before = shop.dump();
    String label = shop.backup(1);
    shop.vandalise(1);

    Cli restore = shop.cli("tenant", "restore", "--tenant", "1", "--label", label);

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(shop.dump()).isEqualTo(before);
    assertThat(shop.cli("archive", "verify", "--label", label).lastLine()).isEqualTo("proven");
    assertThat(shop.archive(label)).isRegularFile();
  }

  @Test
  void fails_with_1_when_the_server_is_not_there_and_says_so_in_one_line() throws IOException {
    server.stop(true);

    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");

    assertThat(backup.code()).isEqualTo(1);
    assertThat(backup.firstError()).startsWith("sevenfold: ").contains("127.0.0.1");
  }
}
