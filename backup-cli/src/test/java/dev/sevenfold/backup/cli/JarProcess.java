package dev.sevenfold.backup.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The jar that operators get, running.
 *
 * @param process the process
 * @param out where its standard output goes
 * @param err where its standard error goes
 */
record JarProcess(Process process, Path out, Path err) {

  private static final Path JAR = Path.of("target", "sevenfold.jar").toAbsolutePath();

  static JarProcess start(Path folder, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    // Options of the shell that runs the tests would be announced on standard error.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return new JarProcess(builder.start(), out, err);
  }

  /** Sends what Ctrl-C sends. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the end. */
  Cli await() throws IOException, InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("Still running: " + text(out) + text(err));
    }
    return new Cli(process.exitValue(), text(out), text(err));
  }

  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
