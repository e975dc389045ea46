package dev.sevenfold.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server on a loopback port, for all tests of this JVM; it is stopped and deleted when
 * the JVM ends. Thread-safe.
 */
public final class Postgres {

  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private static @Nullable Postgres running;

  private final Path binaries;
  private final Path folder;
  private final int port;

  private Postgres(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  /** The server, started if it is not. */
  public static synchronized Postgres server() throws IOException {
    if (running == null) {
      Path binaries = requireInstalled();
      // Not below the build: PostgreSQL runs as another user, who cannot go everywhere.
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "sevenfold-postgres-");
      Postgres server = new Postgres(binaries, folder, freePort());
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      server.start();
      running = server;
    }
    return running;
  }

  private static Path requireInstalled() throws IOException {
    // The programs themselves are in a folder for their version.
    Programs.require("pg_createcluster", "postgresql");
    try (var versions = Files.list(PACKAGES)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void start() throws IOException {
    if (ROOT) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      run(List.of("chown", "postgres", folder.toString()));
    }
    asOwner("initdb", "-D", data(), "-U", "postgres", "-A", "trust", "--no-sync");
    asOwner(
        "pg_ctl",
        "-D",
        data(),
        "-w",
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p "
            + port
            + " -F -c max_connections=500 -c listen_addresses=127.0.0.1"
            + " -c unix_socket_directories="
            + folder,
        "start");
  }

  private void stop() {
    try {
      asOwner("pg_ctl", "-D", data(), "-m", "immediate", "stop");
      run(List.of("rm", "-rf", folder.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /** PostgreSQL refuses to run as root. */
  private void asOwner(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws IOException {
    Path output = Files.createTempFile("command", ".log");
    // Not a pipe: the server that is started here would hold it open.
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new IOException(command + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(command + ": " + Files.readString(output, StandardCharsets.UTF_8));
    }
    Files.delete(output);
  }

  /** The JDBC URL of a new, empty database, for user {@code postgres}. */
  public String newDatabase() throws IOException {
    String name = "test" + DATABASES.incrementAndGet();
    asOwner("createdb", "-h", "127.0.0.1", "-p", String.valueOf(port), "-U", "postgres", name);
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres";
  }
}
