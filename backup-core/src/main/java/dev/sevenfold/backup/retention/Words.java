package dev.sevenfold.backup.retention;

import java.time.Duration;

/** Numbers and durations in words. */
final class Words {

  private Words() {}

  /** {@code 1st}, {@code 2nd}, {@code 11th}, {@code 21st}. */
  static String ordinal(int number) {
    int lastTwo = number % 100;
    if (lastTwo >= 11 && lastTwo <= 13) {
      return number + "th";
    }
    return number
        + switch (number % 10) {
          case 1 -> "st";
          case 2 -> "nd";
          case 3 -> "rd";
          default -> "th";
        };
  }

  /** {@code 30 days}, {@code 1 hour}; what is neither whole days nor hours as ISO-8601. */
  static String duration(Duration duration) {
    if (duration.equals(Duration.ofDays(duration.toDays()))) {
      return count(duration.toDays(), "day");
    }
    if (duration.equals(Duration.ofHours(duration.toHours()))) {
      return count(duration.toHours(), "hour");
    }
    return duration.toString();
  }

  /** {@code 170 days}, where it does not matter how many hours and minutes more. */
  static String roughly(Duration duration) {
    return duration.toDays() >= 2 ? count(duration.toDays(), "day") : duration(duration);
  }

  /** {@code 1 week}, {@code 4 weeks}. */
  static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
