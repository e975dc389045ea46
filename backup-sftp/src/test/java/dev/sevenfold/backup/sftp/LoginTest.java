package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in by a real server, and which server is believed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginTest {

  private static final String PASSPHRASE = "correct horse";

  @TempDir static Path home;
  private OpenSsh server;
  private Path folder;

  @BeforeAll
  void start() throws IOException {
    server = OpenSsh.start(home.resolve("server"));
    folder = Files.createDirectory(home.resolve("archives"));
    server.newKey("id_rsa", "rsa", "");
    server.newKey("id_encrypted", "ed25519", PASSPHRASE);
    server.newKey("id_rsa_encrypted", "rsa", PASSPHRASE);
    for (String key : new String[] {"id_rsa", "id_encrypted", "id_rsa_encrypted"}) {
      server.authorize(key);
    }
    server.newKey("id_stranger", "ed25519", "");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private SftpArchiveStoreBuilder store() throws IOException {
    return OpenSsh.storeAt(server.port(), folder);
  }

  private SftpArchiveStoreBuilder trusting() throws IOException {
    return store().knownHosts(server.knownHosts());
  }

  private static void list(SftpArchiveStoreBuilder builder) {
    try (ArchiveStore store = builder.build()) {
      assertThat(store.list(ArchiveOwner.anyone()).complete()).isEmpty();
    }
  }

  private void refused(ThrowingCallable call, String what, String advice) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreUnavailable.class,
            e -> {
              assertThat(e.what()).contains(what).contains(folder.toString());
              assertThat(e.advice()).contains(advice);
              assertThat(e).hasMessageNotContaining(PASSPHRASE);
            });
    // Once, and not three times with pauses: it would be refused again.
    assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
  }

  @Test
  void keys_of_every_kind_are_let_in() throws IOException {
    list(trusting().privateKey(server.file("id_ed25519")));
    list(trusting().privateKey(server.file("id_rsa")));
    list(trusting().privateKey(server.file("id_encrypted"), PASSPHRASE::toCharArray));
    list(trusting().privateKey(server.file("id_rsa_encrypted"), PASSPHRASE::toCharArray));
  }

  @Test
  void a_key_that_the_server_does_not_know_is_told() throws IOException {
    SftpArchiveStoreBuilder store = trusting().privateKey(server.file("id_stranger"));

    refused(() -> list(store), "does not let", "authorized_keys");
  }

  @Test
  void a_key_that_cannot_be_opened_is_told_with_the_reason() throws IOException {
    Path encrypted = server.file("id_encrypted");
    SftpArchiveStoreBuilder without = trusting().privateKey(encrypted);
    SftpArchiveStoreBuilder wrong = trusting().privateKey(encrypted, "hunter2"::toCharArray);
    SftpArchiveStoreBuilder missing = trusting().privateKey(server.file("nowhere"));
    SftpArchiveStoreBuilder empty =
        trusting().privateKey(Files.writeString(home.resolve("empty"), "no key at all\n"));

    refused(() -> list(without), "cannot be read without a passphrase", "Configure its passphrase");
    refused(() -> list(wrong), "does not open with the passphrase", "the right passphrase");
    refused(() -> list(missing), "is not there", "Put the key there");
    refused(() -> list(empty), "holds no key", "not the .pub file");
  }

  @Test
  void files_that_cannot_be_read_are_told_with_the_reason() throws IOException {
    Path none = Files.createDirectory(home.resolve("none"));
    SftpArchiveStoreBuilder key = trusting().privateKey(none);
    SftpArchiveStoreBuilder known = store().knownHosts(none).privateKey(server.file("id_ed25519"));

    refused(() -> list(key), none + " cannot be read (Is a directory)", "user that this process");
    refused(() -> list(known), none + " cannot be read: Is a directory", "user that this process");
  }

  @Test
  void a_server_that_does_not_speak_ssh_is_told() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      SftpArchiveStoreBuilder store =
          OpenSsh.storeAt(server.getLocalPort(), folder)
              .acceptAnyHostKeyDangerously()
              .password("x"::toCharArray)
              .connectTimeout(Duration.ofSeconds(2))
              .attempts(1, Duration.ofMillis(1));
      Thread ftp = new Thread(() -> greet(server));
      ftp.start();

      refused(
          () -> list(store),
          "did not answer for 2 s, and has not said that it speaks SSH",
          "an FTP server");
    }
  }

  private static void greet(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write("220 backup.example FTP server ready\r\n".getBytes(UTF_8));
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The client has gone.
    }
  }

  @Test
  void a_server_that_is_not_known_is_not_believed() throws IOException {
    Path nobody = Files.writeString(home.resolve("nobody"), "");
    SftpArchiveStoreBuilder store =
        store().knownHosts(nobody).privateKey(server.file("id_ed25519"));

    refused(() -> list(store), "is not known", "ssh-keygen -lf");
  }

  @Test
  void a_server_with_another_key_than_before_is_not_believed() throws IOException {
    String stranger = Files.readString(server.file("id_stranger.pub"));
    Path changed =
        Files.writeString(home.resolve("changed"), "[127.0.0.1]:" + server.port() + " " + stranger);
    SftpArchiveStoreBuilder store =
        store().knownHosts(changed).privateKey(server.file("id_ed25519"));
    SftpArchiveStoreBuilder pinned =
        store().hostKey(stranger.strip()).privateKey(server.file("id_ed25519"));

    refused(() -> list(store), "is another one than", "Somebody may be in between");
    refused(() -> list(pinned), "host key", "Somebody may be in between");
  }

  @Test
  void a_server_is_believed_by_its_fingerprint() throws IOException {
    String fingerprint =
        OpenSsh.run("ssh-keygen", "-lf", server.file("host_ed25519.pub").toString())
            .split(" ", -1)[1];

    list(store().hostKey(fingerprint).privateKey(server.file("id_ed25519")));
  }

  @Test
  void a_password_is_taken_and_a_wrong_one_is_told_without_it() throws Exception {
    try (MinaServer mina = MinaServer.in(home).start();
        MinaServer asking = MinaServer.in(home).askingForThePassword().start()) {
      list(mina.store(folder).password(MinaServer.PASSWORD::toCharArray));
      list(asking.store(folder).password(MinaServer.PASSWORD::toCharArray));
      SftpArchiveStoreBuilder wrong = mina.store(folder).password("hunter2"::toCharArray);

      assertThatThrownBy(() -> list(wrong))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("does not let")
          .hasMessageNotContaining("hunter2");
    }
  }
}
