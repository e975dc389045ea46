package dev.sevenfold.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that tests need and that a JDK does not bring. Thread-safe.
 *
 * <pre>{@code
 * @BeforeAll
 * static void age_is_there() {
 *   Programs.require("age", "age");
 * }
 * }</pre>
 */
public final class Programs {

  private static final Path APT = Path.of("/usr/bin/apt-get");

  // Servers are not on everybody's path.
  private static final List<String> MORE_FOLDERS =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin");

  private Programs() {}

  /**
   * Finds a program. Where it is missing and may be installed, by root and on Debian, it is; where
   * it may not, the test is skipped with a reason, but in CI it fails.
   *
   * @param name the file's name, or where it is if it is in no usual folder
   * @param debianPackage the package that has it
   * @return where it is
   */
  public static synchronized Path require(String name, String debianPackage) {
    Optional<Path> there = find(name);
    if (there.isEmpty() && mayInstall()) {
      install(debianPackage);
      there = find(name);
    }
    return there.orElseGet(() -> missing(name, debianPackage));
  }

  private static Path missing(String name, String debianPackage) {
    String reason =
        "SKIPPED: there is no %s here, so what is tested against it stays open. On Debian: apt-get install %s"
            .formatted(name, debianPackage);
    if (System.getenv("CI") != null) {
      return Assertions.fail(reason + ". In CI nothing may be skipped");
    }
    return Assumptions.abort(reason);
  }

  private static Optional<Path> find(String name) {
    Stream<String> path = Stream.of(System.getenv("PATH").split(File.pathSeparator));
    return Stream.concat(path, MORE_FOLDERS.stream())
        .map(folder -> Path.of(folder).resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static boolean mayInstall() {
    return System.getProperty("user.name").equals("root") && Files.isExecutable(APT);
  }

  private static void install(String debianPackage) {
    // A list of packages that is old may name versions that are gone.
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", debianPackage);
  }

  private static void apt(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(APT.toString());
    // Another build on this machine may be installing too.
    command.addAll(List.of("-o", "DPkg::Lock::Timeout=300"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        // Said here, decided by whoever finds the program still missing.
        System.err.println(String.join(" ", command) + " failed: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while installing", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
