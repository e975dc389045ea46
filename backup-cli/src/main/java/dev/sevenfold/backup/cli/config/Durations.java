package dev.sevenfold.backup.cli.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations the way people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2d}.
 */
final class Durations {

  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,8})(ms|s|m|h|d)");

  private Durations() {}

  /** As {@link #read}; {@code 0s}, or {@code 0}, is none at all. */
  static Duration readOrZero(YamlValue value) {
    return value.text().matches("0(ms|s|m|h|d)?") ? Duration.ZERO : read(value);
  }

  static Duration read(YamlValue value) {
    String text = value.text();
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw value.wrong(
          "is \"" + text + "\"",
          "Write a whole number above 0 with ms, s, m, h or d right after it: 30s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
