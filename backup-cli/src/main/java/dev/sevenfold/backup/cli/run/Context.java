package dev.sevenfold.backup.cli.run;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: the shell that it talks to, and help. */
public class Context {

  /** The program that the command is one of. */
  public interface Program {
    Shell shell();

    Failures failures();

    boolean debug();
  }

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private @Nullable Work work;

  public Shell shell() {
    return program().shell();
  }

  public Failures failures() {
    return program().failures();
  }

  public Work work() {
    Work known = work;
    if (known == null) {
      known = new Work(shell());
      work = known;
    }
    return known;
  }

  /** What tells whether an archive is of the future. */
  public Clock clock() {
    return Clock.systemUTC();
  }

  public boolean debug() {
    return program().debug();
  }

  private Program program() {
    return (Program) command.root().userObject();
  }
}
