package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.cli.run.Shell;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command left behind.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
record Cli(int code, String out, String err) {

  /** Runs a command in this process. */
  static Cli run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Sevenfold.run(Shell.capturing(out, err), arguments);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The output of a command that must succeed. */
  static Cli done(String... arguments) {
    Cli cli = run(arguments);
    if (cli.code != 0) {
      throw new AssertionError(String.join(" ", arguments) + " gave " + cli);
    }
    return cli;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  String lastLine() {
    List<String> lines = lines();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  String firstError() {
    return err.lines().findFirst().orElse("");
  }
}
