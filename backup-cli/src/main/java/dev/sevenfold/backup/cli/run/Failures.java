package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong: what happened, the reasons one per line, what to do. The stack trace only
 * with {@code --debug}.
 */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  private final Shell shell;
  private final BooleanSupplier debug;

  public Failures(Shell shell, BooleanSupplier debug) {
    this.shell = shell;
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    if (failure instanceof UsageException usage) {
      return usage(usage.getMessage(), command);
    }
    explain(failure);
    return exitCode(failure);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    String message = failure.getMessage();
    CommandLine command = failure.getCommandLine();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      boolean isCommand = !unmatched.isUnknownOption() && hasCommands(command);
      message =
          (isCommand ? "unknown command " : "unknown argument ")
              + String.join(" ", unmatched.getUnmatched());
    } else if ("Missing required subcommand".equals(message)) {
      message = command.getCommandSpec().qualifiedName() + " needs a command";
    }
    return usage(String.valueOf(message).replaceFirst("^Error: ", ""), command);
  }

  private static boolean hasCommands(CommandLine command) {
    return !command.getSubcommands().isEmpty();
  }

  private int usage(String message, CommandLine command) {
    shell.complain("sevenfold: " + message);
    if (hasCommands(command)) {
      shell.complain("There are: " + String.join(", ", command.getSubcommands().keySet()));
    }
    shell.complain("Run: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** Prints a failure, whoever ends up with its exit code. */
  public void explain(Exception failure) {
    if (failure instanceof BackupException known) {
      print(
          ConfigWords.of(known.what()),
          reasons(known).stream().map(ConfigWords::of).toList(),
          ConfigWords.of(known.advice()));
    } else if (failure instanceof ConfigException config) {
      print(config.what(), List.of(), config.advice());
    } else {
      print(
          "this should not happen: " + failure,
          List.of(),
          "The live data is as it was; run again with --debug and report what it prints");
    }
    if (debug.getAsBoolean()) {
      Printable.failure(failure).printStackTrace(shell.err());
    }
  }

  private void print(String what, List<String> reasons, String advice) {
    if (reasons.size() > 1) {
      // The exception's sentence has the reasons in it; a list of them is easier to read.
      shell.complain("sevenfold: " + what.replace(": " + String.join("; ", reasons), ""));
      reasons.forEach(reason -> shell.complain("  " + reason));
    } else {
      shell.complain("sevenfold: " + what);
    }
    shell.complain(advice);
  }

  private static List<String> reasons(BackupException failure) {
    if (failure instanceof BackupRefused refused) {
      return refused.reasons();
    }
    return failure instanceof RestoreRefused refused ? refused.reasons() : List.of();
  }

  /** Of work that went on after each failure: refused if that is what all of them are. */
  public static int exitCode(List<BackupException> failures) {
    if (failures.isEmpty()) {
      return ExitCode.DONE;
    }
    return failures.stream().allMatch(failure -> exitCode(failure) == ExitCode.REFUSED)
        ? ExitCode.REFUSED
        : ExitCode.FAILED;
  }

  public static int exitCode(Exception failure) {
    if (failure instanceof ConfigException || failure instanceof InvalidTenantModel) {
      return ExitCode.USAGE;
    }
    if (failure instanceof BackupRefused
        || failure instanceof RestoreRefused
        || failure instanceof ArchiveCorrupt
        || failure instanceof ArchiveNotFound
        || failure instanceof LabelTaken) {
      return ExitCode.REFUSED;
    }
    return ExitCode.FAILED;
  }
}
