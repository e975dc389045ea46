package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.error.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
        Shell::isTerminal);
  }

  /** A shell with nobody at a terminal. */
  public static Shell capturing(OutputStream out, OutputStream err) {
    return new Shell(utf8(out), utf8(err), () -> false);
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("SystemConsoleNull") // a quick no where it is null, and no yes where it is not
  private static boolean isTerminal() {
    // Java 17 gives no console without a terminal; Java 22 and later always give one, and no Java
    // knows about standard error. The shell does.
    return System.console() != null && shellSaysSo();
  }

  private static boolean shellSaysSo() {
    try {
      Process test =
          new ProcessBuilder("/bin/sh", "-c", "test -t 1 && test -t 2").inheritIO().start();
      if (test.waitFor(2, TimeUnit.SECONDS)) {
        return test.exitValue() == 0;
      }
      test.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false; // no such shell: do without progress
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
