package dev.sevenfold.backup.cli.history;

import dev.sevenfold.backup.cli.output.HistoryOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant find}: in which restore points a row is. */
@Command(
    name = "find",
    description = {
      "Tells in which restore points a row is, with which values, and since when it is gone.",
      "Names restore points that cannot be looked at. Writes nothing."
    })
public final class TenantFind implements Callable<Integer> {

  private static final int MOST = 20;

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(
      names = "--row",
      paramLabel = "T=KEY",
      description = "The row with this key, written as in restore --rows.")
  @Nullable String row;

  @Option(
      names = "--text",
      paramLabel = "T.COLUMN=TEXT",
      description = "Rows that have this text somewhere in the column, capital letters or not.")
  @Nullable String text;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    if ((row == null) == (text == null)) {
      throw new UsageException("Say what to find, with either --row T=KEY or --text T.COLUMN=TEXT");
    }
    Function<TenantHistory, TenantHistory.Found> question = row != null ? row(row) : text(text);
    TenantHistory.Found found =
        context.onTenants(
            backups -> {
              try (TenantHistory history = backups.history(tenant)) {
                return question.apply(history);
              }
            });
    HistoryOutput output = new HistoryOutput(context.shell());
    if (json) {
      output.printJson(tenant.value(), found);
    } else {
      output.print(found);
    }
    return ExitCode.DONE;
  }

  private static Function<TenantHistory, TenantHistory.Found> row(String row) {
    int equals = row.indexOf('=');
    if (equals <= 0 || equals == row.length() - 1) {
      throw new UsageException(
          "--row " + row + " names no row; write the table and the key, as T=KEY");
    }
    String key = row.substring(equals + 1).replace("\\,", ",");
    return history -> history.find(row.substring(0, equals), key);
  }

  private static Function<TenantHistory, TenantHistory.Found> text(@Nullable String text) {
    String what = String.valueOf(text);
    int equals = what.indexOf('=');
    int dot = what.lastIndexOf('.', Math.max(equals, 0));
    if (equals <= 0 || equals == what.length() - 1 || dot <= 0 || dot == equals - 1) {
      throw new UsageException("--text " + what + " names no column; write T.COLUMN=TEXT");
    }
    String table = what.substring(0, dot);
    String column = what.substring(dot + 1, equals);
    return history -> history.findText(table, column, what.substring(equals + 1), MOST);
  }
}
