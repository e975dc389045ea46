package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.sftp.SftpArchiveStore;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * One file to another machine and back: the store, which syncs the file, against {@code scp}. Both
 * over one OpenSSH server on the loopback, started here.
 */
final class SftpAgainstScp {

  private SftpAgainstScp() {}

  static void run(Path folder, int megabytes) throws Exception {
    Path file = folder.resolve("file");
    writeRandom(file, megabytes);
    int port = freePort();
    Process server = startServer(folder, port);
    try (ArchiveStore store =
        SftpArchiveStore.builder("127.0.0.1", user(), folder.resolve("store").toString())
            .port(port)
            .privateKey(folder.resolve("key"))
            .acceptAnyHostKeyDangerously()
            .build()) {
      Path remote = folder.resolve("remote");
      String there = user() + "@127.0.0.1:" + remote;
      Rounds.compare(
          "up, " + megabytes + " MB",
          "store",
          round -> store.publish(label(round), out -> Files.copy(file, out)),
          "scp",
          round -> scp(folder, port, file.toString(), there));
      Rounds.compare(
          "down, " + megabytes + " MB",
          "store",
          round -> {
            try (InputStream in = store.open(label(round));
                OutputStream out = Files.newOutputStream(folder.resolve("down"))) {
              in.transferTo(out);
            }
          },
          "scp",
          round -> scp(folder, port, there, folder.resolve("down-by-scp").toString()));
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static Label label(int round) {
    return Label.parse("system_2026112400000" + round);
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static void writeRandom(Path file, int megabytes) throws IOException {
    Random random = new Random(7);
    byte[] megabyte = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < megabytes; i++) {
        random.nextBytes(megabyte);
        out.write(megabyte);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process startServer(Path folder, int port) throws Exception {
    for (String key : List.of("host_key", "key")) {
      Files.deleteIfExists(folder.resolve(key));
      Rounds.program(
          new ProcessBuilder(
              "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(key).toString()));
    }
    Path config = folder.resolve("sshd_config");
    Files.writeString(
        config,
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %2$s/host_key
        AuthorizedKeysFile %2$s/key.pub
        PidFile none
        UsePAM no
        StrictModes no
        PermitRootLogin yes
        Subsystem sftp internal-sftp
        """
            .formatted(port, folder));
    if (Files.isWritable(Path.of("/run"))) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Process server =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sshd.log").toFile())
            .start();
    awaitPort(port);
    return server;
  }

  private static void awaitPort(int port) throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("The server did not start; see sshd.log");
  }

  private static void scp(Path folder, int port, String from, String to) throws Exception {
    Rounds.program(
        new ProcessBuilder(
            "scp",
            "-q",
            "-P",
            Integer.toString(port),
            "-i",
            folder.resolve("key").toString(),
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            from,
            to));
  }
}
