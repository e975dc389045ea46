package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.tenant.SuggestedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant suggest}: what the config is to say of the tables. */
@Command(
    name = "suggest",
    description = {
      "Proposes the key tenants of the config from schema and rows, each line with its evidence.",
      "Needs only database and tenants.table in the config. What the config says already stays;",
      "what is proposed belongs beside it. Paste it, and suggest again until it is quiet."
    })
final class TenantSuggest implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(
      names = "--files",
      paramLabel = "DIR",
      description =
          "A folder that files which rows name may be below; may be given several times."
              + " Without it: the database's own folder, and storage beside it.")
  List<Path> files = new ArrayList<>();

  @Option(names = "--java", description = "Writes calls of TenantModel.Builder in place of YAML.")
  boolean java;

  @Override
  public Integer call() {
    Config config = context.configWithoutStore();
    List<Path> below = files.isEmpty() ? near(config) : files;
    SuggestedModel suggested =
        context.work().showing(progress -> Services.suggest(config, below, progress));
    if (suggested.isQuiet()) {
      context.shell().complain("sevenfold: nothing to add to what the config says of tenants");
      return ExitCode.DONE;
    }
    (java ? suggested.java() : suggested.yaml()).lines().forEach(context.shell()::print);
    int questions = suggested.questions().size();
    if (questions > 0) {
      context
          .shell()
          .complain(
              "sevenfold: %s open, at the end; what is proposed there holds until you change it"
                  .formatted(questions == 1 ? "1 question is" : questions + " questions are"));
    }
    return ExitCode.DONE;
  }

  private static List<Path> near(Config config) {
    Path folder = config.requireDatabase().toAbsolutePath().normalize().resolveSibling("");
    return List.of(folder, folder.resolve("storage"));
  }
}
