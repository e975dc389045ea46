package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.job.CronSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Where schedules are kept and how they are run, as the key {@code jobs} says. Immutable.
 *
 * @param database the SQLite file that keeps the schedules
 * @param minimumInterval schedules that fire more often are refused
 * @param jitter the span that firings of one instant are spread over
 * @param concurrency how many backups run at a time
 * @param skipMissed whether what was missed while nothing ran is skipped, not caught up with
 * @param drill when archives are verified again; never if empty
 */
public record JobSettings(
    Path database,
    Duration minimumInterval,
    Duration jitter,
    int concurrency,
    boolean skipMissed,
    Optional<CronSchedule> drill) {

  private static final int MOST_AT_A_TIME = 64;

  /** Beside the config file. */
  static JobSettings byDefault(Path configFile) {
    return new JobSettings(
        configFile.toAbsolutePath().resolveSibling("sevenfold-jobs.sqlite3").normalize(),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        2,
        false,
        Optional.empty());
  }

  /** Reads the key {@code jobs}. */
  static JobSettings read(YamlValue value, ZoneId zone) {
    YamlMap jobs =
        value.map("database", "minimum_interval", "jitter", "concurrency", "missed", "drill");
    JobSettings defaults = byDefault(value.file());
    return new JobSettings(
        jobs.get("database").map(YamlValue::path).orElse(defaults.database()),
        jobs.get("minimum_interval").map(Durations::read).orElse(defaults.minimumInterval()),
        jobs.get("jitter").map(Durations::readOrZero).orElse(defaults.jitter()),
        jobs.get("concurrency")
            .map(number -> number.integer(1, MOST_AT_A_TIME))
            .orElse(defaults.concurrency()),
        jobs.get("missed").map(JobSettings::skipMissed).orElse(defaults.skipMissed()),
        jobs.get("drill").map(cron -> schedule(cron, zone)));
  }

  private static CronSchedule schedule(YamlValue cron, ZoneId zone) {
    try {
      return CronSchedule.parse(cron.text(), zone);
    } catch (IllegalArgumentException e) {
      throw cron.wrong(
          "is \"" + cron.text() + "\": " + e.getMessage(),
          "Write the five fields of a crontab in quotes: \"0 12 * * 0\"");
    }
  }

  private static boolean skipMissed(YamlValue value) {
    return switch (value.text()) {
      case "run_once" -> false;
      case "skip" -> true;
      default -> throw value.wrong("is \"" + value.text() + "\"", "Write run_once or skip");
    };
  }
}
