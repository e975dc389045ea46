package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.report.SystemPoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code system list}: the backups of the whole system. */
@Command(name = "list", description = "Lists the backups of the whole system, newest first.")
final class SystemList implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.config();
    return context.work().withSystemStore(config, backups -> list(config, backups));
  }

  private int list(Config config, SystemBackups backups) {
    List<SystemPoint> points = backups.points();
    List<UnreadableArchive> unreadable = backups.unreadableArchives();
    unreadable.forEach(a -> context.shell().warn("the archive " + a.label() + ": " + a.reason()));
    if (json) {
      context.shell().print(toJson(points));
    } else if (points.isEmpty() && unreadable.isEmpty()) {
      context.sayNothingThere(config, "there are no backups of the system");
    } else {
      TextTable table = new TextTable(4, "LABEL", "CAPTURED AT", "PROVEN", "PINNED", "BYTES");
      for (SystemPoint point : points) {
        table.add(
            point.label(),
            point.capturedAt(),
            point.proven() ? "yes" : "no",
            point.pinned() ? "yes" : "no",
            point.sizeBytes());
      }
      table.lines().forEach(context.shell()::print);
    }
    return ExitCode.DONE;
  }

  private static String toJson(List<SystemPoint> points) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (SystemPoint point : points) {
            SystemVerify.write(json, point);
          }
          json.writeEndArray();
        });
  }
}
