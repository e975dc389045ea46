package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.cli.run.Arguments;
import dev.sevenfold.backup.cli.run.Context;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.job.CronSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schedule next}: when a cron schedule fires. */
@Command(
    name = "next",
    description = "Prints the next fire times of a cron expression, one a line.")
final class ScheduleNext implements Callable<Integer> {

  private static final int MOST = 100_000;

  // Schedules are searched for over many years, and calendars end.
  private static final Instant LAST = Instant.parse("9000-01-01T00:00:00Z");

  @Mixin Context context;

  @Option(
      names = "--cron",
      required = true,
      paramLabel = "EXPR",
      description = "Five fields, as in crontab: \"1 1 * * 2-6\".")
  String cron;

  @Option(
      names = "--zone",
      defaultValue = "UTC",
      paramLabel = "Z",
      description = "The time zone. Default: ${DEFAULT-VALUE}.")
  ZoneId zone;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "INSTANT",
      description = "Fire times strictly after this ISO-8601 instant.")
  String from;

  @Option(
      names = "--count",
      defaultValue = "5",
      paramLabel = "N",
      description = "How many. Default: ${DEFAULT-VALUE}.")
  int count;

  @Override
  public Integer call() {
    if (count < 1 || count > MOST) {
      throw new UsageException("--count " + count + " is not between 1 and " + MOST);
    }
    Arguments.read(() -> CronSchedule.parse(cron, zone))
        .next(instant(), count)
        .forEach(
            fires ->
                context
                    .shell()
                    .print(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(fires.atZone(zone))));
    return ExitCode.DONE;
  }

  private Instant instant() {
    try {
      Instant instant = OffsetDateTime.parse(from).toInstant();
      if (instant.isBefore(LAST)) {
        return instant;
      }
    } catch (DateTimeException e) {
      throw new UsageException(
          "--from " + from + " is no instant; write 2026-11-22T01:01:00Z or +01:00 in place of Z");
    }
    throw new UsageException("--from " + from + " is not before " + LAST);
  }
}
