package dev.sevenfold.backup.cli.run;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Finds out whether standard output and standard error are both a terminal. */
public final class TerminalCheck {

  private TerminalCheck() {}

  @SuppressWarnings("SystemConsoleNull") // a quick no where it is null, and no yes where it is not
  public static boolean isTerminal() {
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
}
