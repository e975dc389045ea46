package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real OpenSSH server on a loopback port, with keys and files in a folder of its own. Where there
 * is none and the test may install it, it does; where it may not, the test is skipped, loudly, but
 * never in CI. Use from one thread.
 */
final class OpenSsh implements AutoCloseable {

  private static final String PRIVILEGE_SEPARATION = "/run/sshd";

  private final Path sshd;
  private final Path home;
  private final int port;
  private final List<String> options;
  private String hostKey = "host_ed25519";
  private @Nullable Process server;

  private OpenSsh(Path sshd, Path home, int port, List<String> options) {
    this.sshd = sshd;
    this.home = home;
    this.port = port;
    this.options = options;
  }

  /**
   * Starts a server.
   *
   * @param home an empty folder for its keys
   * @param options lines of its configuration beside the usual ones; one that names a subsystem is
   *     instead of sftp's
   */
  static OpenSsh start(Path home, String... options) throws IOException {
    Path sshd = Programs.require("sshd", "openssh-server");
    Files.createDirectories(home);
    OpenSsh server = new OpenSsh(sshd, home, freePort(), List.of(options));
    server.newKey("host_ed25519", "ed25519", "");
    server.newKey("id_ed25519", "ed25519", "");
    server.authorize("id_ed25519");
    server.start();
    return server;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Runs a command to its end; fails if it does. */
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", command[0]).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    assertThat(process.exitValue()).as("%s: %s", String.join(" ", command), output).isZero();
    return output;
  }

  /** A new key pair in the server's folder; gives the private half. */
  Path newKey(String name, String type, String passphrase) throws IOException {
    Path file = file(name);
    Files.deleteIfExists(file);
    Files.deleteIfExists(file(name + ".pub"));
    run("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString());
    return file;
  }

  /** Lets a key in. */
  void authorize(String key) throws IOException {
    Path file = file("authorized_keys");
    String known = Files.exists(file) ? Files.readString(file) : "";
    Files.writeString(file, known + Files.readString(file(key + ".pub")));
  }

  /** Starts with another host key from now on. */
  void useHostKey(String name) {
    hostKey = name;
  }

  void start() throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of(PRIVILEGE_SEPARATION));
    }
    List<String> lines = new ArrayList<>();
    lines.add("Port " + port);
    lines.add("ListenAddress 127.0.0.1");
    lines.add("HostKey " + file(hostKey));
    lines.addAll(options);
    lines.add("AuthorizedKeysFile " + file("authorized_keys"));
    lines.add("PidFile none");
    lines.add("UsePAM no");
    lines.add("StrictModes no");
    lines.add("PermitRootLogin yes");
    lines.add("PasswordAuthentication no");
    if (options.stream().noneMatch(option -> option.startsWith("Subsystem "))) {
      lines.add("Subsystem sftp internal-sftp");
    }
    Path config = Files.write(file("sshd_config"), lines);
    Process started =
        new ProcessBuilder(sshd.toString(), "-D", "-e", "-f", config.toString()).start();
    server = started;
    awaitListening(started);
  }

  private void awaitListening(Process started) throws IOException {
    BufferedReader log = started.errorReader();
    List<String> seen = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      seen.add(line);
      if (line.startsWith("Server listening")) {
        Thread drain = new Thread(() -> log.lines().forEach(ignored -> {}));
        drain.setDaemon(true);
        drain.start();
        return;
      }
    }
    throw new IOException("sshd did not start: " + seen);
  }

  /** Everything that serves connections now. */
  private List<ProcessHandle> sessions() {
    return server == null ? List.of() : server.descendants().toList();
  }

  /** Cuts every connection, as a machine does that loses its power. */
  void killSessions() {
    sessions().forEach(ProcessHandle::destroyForcibly);
  }

  /** Stops answering: connections stay open, nothing comes back. */
  void freeze() throws IOException {
    signal("-STOP");
  }

  void thaw() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    List<String> processes = new ArrayList<>();
    if (server != null) {
      processes.add(Long.toString(server.pid()));
    }
    sessions().forEach(session -> processes.add(Long.toString(session.pid())));
    // One of them may end meanwhile.
    run("sh", "-c", "kill " + signal + " " + String.join(" ", processes) + " || true");
  }

  /** Ends the server, and with it every connection. */
  void stop() throws IOException {
    Process running = server;
    if (running == null) {
      return;
    }
    List<ProcessHandle> sessions = sessions();
    running.destroyForcibly();
    sessions.forEach(ProcessHandle::destroyForcibly);
    server = null;
    try {
      running.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  int port() {
    return port;
  }

  Path file(String name) {
    return home.resolve(name);
  }

  /** A known_hosts file with this server's key. */
  Path knownHosts() throws IOException {
    return Files.writeString(
        file("known_hosts"),
        "[127.0.0.1]:" + port + " " + Files.readString(file(hostKey + ".pub")));
  }

  /** A store in a folder of this server, as hosts have it. */
  SftpArchiveStoreBuilder store(Path folder) throws IOException {
    return storeAt(port, folder).knownHosts(knownHosts()).privateKey(file("id_ed25519"));
  }

  /** A store that reaches this server through another port, and trusts nobody yet. */
  static SftpArchiveStoreBuilder storeAt(int port, Path folder) {
    return SftpArchiveStore.builder("127.0.0.1", System.getProperty("user.name"), folder.toString())
        .port(port);
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
