package dev.sevenfold.backup.cli;

import java.time.Clock;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: the shell that it talks to, and help. */
class Context {

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  Shell shell() {
    return sevenfold().shell();
  }

  Failures failures() {
    return sevenfold().failures();
  }

  Work work() {
    return new Work(shell());
  }

  /** What tells whether an archive is of the future. */
  Clock clock() {
    return Clock.systemUTC();
  }

  boolean debug() {
    return sevenfold().debug;
  }

  private Sevenfold sevenfold() {
    return (Sevenfold) command.root().userObject();
  }
}
