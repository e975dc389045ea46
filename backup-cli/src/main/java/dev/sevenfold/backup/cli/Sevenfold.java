package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.cli.command.CommandGroups;
import dev.sevenfold.backup.cli.command.Health;
import dev.sevenfold.backup.cli.command.Serve;
import dev.sevenfold.backup.cli.run.Arguments;
import dev.sevenfold.backup.cli.run.Context;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Failures;
import dev.sevenfold.backup.cli.run.NativeLibrary;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.cli.schedule.ScheduleCommands;
import dev.sevenfold.backup.error.OperationFailed;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code java -jar sevenfold.jar COMMAND …}. */
@Command(
    name = "sevenfold",
    description = "Backs up single tenants of a shared database, and puts them back.",
    subcommands = {
      CommandGroups.OfTenant.class,
      CommandGroups.OfArchives.class,
      CommandGroups.OfSystem.class,
      ScheduleCommands.class,
      CommandGroups.OfKeys.class,
      Serve.class,
      Health.class
    },
    versionProvider = Sevenfold.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it failed on the way; the live data is as it was",
      "2:bad usage or config",
      "3:refused: a check failed, and nothing was changed"
    })
public final class Sevenfold implements Context.Program {

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  boolean debug;

  @Mixin Context context;

  private final Shell shell;
  private final Failures failures;

  private Sevenfold(Shell shell) {
    this.shell = shell;
    this.failures = new Failures(shell, this::debug);
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    NativeLibrary.logWhenDebugging(arguments);
    Interruption interruption = Interruption.ofThisThread();
    int code = run(Shell.ofProcess(), arguments);
    interruption.workIsDone();
    System.exit(code);
  }

  /** Runs one command. */
  static int run(Shell shell, String... arguments) {
    Sevenfold sevenfold = new Sevenfold(shell);
    int code = sevenfold.execute(arguments);
    if (shell.out().checkError() && code == ExitCode.DONE) {
      shell.complain("sevenfold: standard output could not be written");
      return ExitCode.FAILED;
    }
    return code;
  }

  /** What this machine cannot do is told like everything else. */
  private int execute(String... arguments) {
    try {
      return commandLine().execute(arguments);
    } catch (OutOfMemoryError e) {
      failures.explain(
          new OperationFailed(
              "There is not enough memory: " + e.getMessage(),
              "The live data is as it was; give Java more, by -Xmx, then run it again",
              e));
    } catch (LinkageError e) {
      failures.explain(
          new OperationFailed(
              "A native library could not be loaded: " + e.getMessage(),
              "The live data is as it was; write the key scratch into the config: a folder that this"
                  + " user may write to and load libraries from",
              e));
    }
    return ExitCode.FAILED;
  }

  private CommandLine commandLine() {
    CommandLine command = new CommandLine(this);
    command.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
    command.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
    command.setExecutionExceptionHandler(failures);
    command.setParameterExceptionHandler(failures);
    command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    Arguments.register(command);
    return command;
  }

  @Override
  public Shell shell() {
    return shell;
  }

  @Override
  public Failures failures() {
    return failures;
  }

  @Override
  public boolean debug() {
    return debug;
  }

  /** The version, as the manifest of the jar has it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Sevenfold.class.getPackage().getImplementationVersion();
      return new String[] {"sevenfold " + (version == null ? "development" : version)};
    }
  }

  /**
   * What Ctrl-C does: it interrupts the work and waits a moment, so that the work can take its
   * scratch space away, which holds a tenant's data. The live data is safe without that too.
   */
  private static final class Interruption {

    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch done = new CountDownLatch(1);

    private Interruption() {}

    static Interruption ofThisThread() {
      Interruption interruption = new Interruption();
      Thread worker = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> interruption.stop(worker), "interrupt"));
      return interruption;
    }

    void workIsDone() {
      done.countDown();
    }

    private void stop(Thread worker) {
      if (done.getCount() == 0) {
        return;
      }
      worker.interrupt();
      try {
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          System.err.print("sevenfold: stopped in the middle of the work\n");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
