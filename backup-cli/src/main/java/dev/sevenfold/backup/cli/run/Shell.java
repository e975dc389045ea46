package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.error.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * What a command talks to: standard output, standard error, and whether a person looks at them.
 * Output is UTF-8, whatever the locale.
 *
 * @param out for results
 * @param err for everything else
 * @param terminal whether both are a terminal; asked only when there is progress to show
 */
public record Shell(PrintStream out, PrintStream err, BooleanSupplier terminal) {

  /** The shell that started this process. */
  public static Shell ofProcess() {
    return new Shell(
        utf8(new FileOutputStream(FileDescriptor.out)),
        utf8(new FileOutputStream(FileDescriptor.err)),
        TerminalCheck::isTerminal);
  }

  /** A shell with nobody at a terminal. */
  public static Shell capturing(OutputStream out, OutputStream err) {
    return new Shell(utf8(out), utf8(err), () -> false);
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** Prints one line, whatever values are in it. */
  public void print(String line) {
    // Lines end the same everywhere: scripts read them.
    out.print(Printable.of(line) + "\n");
  }

  /** Says one line, whatever values are in it. */
  public void complain(String line) {
    err.print(Printable.of(line) + "\n");
  }

  public void warn(String warning) {
    complain("sevenfold: warning: " + warning);
  }
}
