package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.content;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that may log in, and for which a real server has no SFTP, or less of it. */
class NoSessionTest {

  /** An account of every machine, with a shell that lets nobody in. */
  private static final String NOBODY = "nobody";

  private static final String ME = System.getProperty("user.name");

  @TempDir Path home;

  private SftpArchiveStore store(OpenSsh server, String user) throws IOException {
    return SftpArchiveStore.builder("127.0.0.1", user, home.resolve("backups").toString())
        .port(server.port())
        .knownHosts(server.knownHosts())
        .privateKey(server.file("id_ed25519"))
        .operationTimeout(Duration.ofSeconds(6))
        // Sometimes sshd notices only with the next packet that a command has ended.
        .keepAlive(Duration.ofMillis(500))
        .attempts(2, Duration.ofMillis(1))
        .build();
  }

  private void tells(String user, String what, String advice, String... options)
      throws IOException {
    try (OpenSsh server = OpenSsh.start(home.resolve("server"), options);
        SftpArchiveStore store = store(server, user)) {
      assertThatThrownBy(() -> labels(store))
          .isInstanceOfSatisfying(
              StoreUnavailable.class,
              e -> {
                assertThat(e.what()).contains(what).doesNotContain("onnection was lost");
                assertThat(e.advice()).contains(advice).doesNotContain("firewall");
              });
    }
  }

  /** The server's lines for an account that has no home, and no way into this test's. */
  private String[] forNobody(String... more) {
    assumeTrue(ME.equals("root"), "Only root's server can let others in");
    List<String> options = new ArrayList<>(List.of(more));
    options.add("AuthorizedKeysCommand /bin/cat " + home.resolve("server/authorized_keys"));
    options.add("AuthorizedKeysCommandUser root");
    return options.toArray(String[]::new);
  }

  @Test
  void the_folder_of_a_chroot_that_is_not_roots_is_told() throws IOException {
    Path root = Files.createDirectory(home.resolve("root"));
    String[] options = forNobody("ChrootDirectory " + root, "ForceCommand internal-sftp");
    OpenSsh.run("chown", NOBODY, root.toString());

    // The server tries it at another moment for root.
    tells(NOBODY, "closed the connection before SFTP began, 2 times", "ChrootDirectory", options);
    tells("root", "ended at once, with exit status 255", "ChrootDirectory", options);
  }

  @Test
  void a_server_without_sftp_is_told() throws IOException {
    tells(ME, "starts no SFTP", "Subsystem sftp internal-sftp", "Subsystem other internal-sftp");
  }

  @Test
  void a_program_that_is_not_there_is_told() throws IOException {
    tells(ME, "with exit status 127", "server's log", "Subsystem sftp /nowhere/sftp-server");
  }

  @Test
  void a_shell_that_lets_nobody_in_is_told() throws IOException {
    tells(
        NOBODY,
        "it begins with \"This account is currently not available.\"",
        "an account without a login shell needs \"ForceCommand internal-sftp\"",
        forNobody("Subsystem sftp /nowhere/sftp-server"));
  }

  @Test
  void a_command_that_ends_at_once_is_told() throws IOException {
    tells(ME, "with exit status 3", "ForceCommand internal-sftp", "ForceCommand exit 3");
    tells(ME, "before SFTP began", "ForceCommand internal-sftp", "ForceCommand kill -9 $$");
  }

  @Test
  void a_command_that_says_nothing_is_told() throws IOException {
    tells(
        ME,
        "SFTP did not answer for 6 s",
        "ForceCommand or login shell",
        "ForceCommand exec sleep 60");
  }

  @Test
  void what_a_greeting_shell_prints_is_told() throws IOException {
    Path greeting = home.resolve("greeting");
    for (String words : new String[] {"Hi", "Welcome to backup.example!", "Grüße"}) {
      Files.writeString(greeting, words + "\n", UTF_8);

      tells(
          ME,
          "it begins with \"" + words,
          ".bashrc",
          "ForceCommand cat " + greeting + "; exec " + sftpServer());
    }
    Files.writeString(greeting, "\u001b[31m" + "Do not enter. ".repeat(100) + "\n", UTF_8);
    tells(
        ME,
        "it begins with \"\\u{1b}[31mDo not enter. Do not",
        ".bashrc",
        "ForceCommand cat " + greeting + "; exec " + sftpServer());
  }

  private static String sftpServer() {
    for (String folder :
        new String[] {"/usr/lib/openssh", "/usr/libexec/openssh", "/usr/libexec"}) {
      if (Files.isExecutable(Path.of(folder, "sftp-server"))) {
        return folder + "/sftp-server";
      }
    }
    return "sftp-server";
  }

  @Test
  void an_account_that_may_have_no_session_is_told() throws IOException {
    tells(ME, "allows it no session", "MaxSessions", "MaxSessions 0");
  }

  @Test
  void an_account_that_may_have_one_session_a_connection_has_a_store_that_works()
      throws IOException {
    byte[] bytes = bytes(1, 300_000);
    try (OpenSsh server = OpenSsh.start(home.resolve("server"), "MaxSessions 1");
        SftpArchiveStore store = store(server, ME)) {
      store.publish(
          label(0),
          out -> {
            out.write(bytes);
            store.publish(label(1), content(bytes));
          });

      assertThat(read(store, label(0))).isEqualTo(bytes);
      store.delete(label(1));
      assertThat(labels(store)).containsExactly(label(0));
    }
  }
}
