package dev.sevenfold.examples.dashboard;

import dev.sevenfold.examples.dashboard.host.ActivityLog.Backup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A small chart of bars, one a backup, and the same as text. Immutable.
 *
 * @param id unique on its page
 * @param title what it shows
 * @param summary the same in a sentence
 * @param top what the highest line stands for
 * @param from the day of the first bar
 * @param until the day of the last one
 * @param right where the last one ends
 * @param bars from left to right
 */
record ChartView(
    String id,
    String title,
    String summary,
    String top,
    String from,
    String until,
    String right,
    List<Bar> bars) {

  /** One bar: where it is, and what it says. */
  record Bar(String x, String y, String width, String height, String when, String value) {}

  private static final double WIDTH = 320;
  private static final double TOP = 18;
  private static final double HEIGHT = 90;

  /** Between two bars, as a part of what one has. */
  private static final double GAP = 0.3;

  /** A few backups make slim bars too. */
  private static final int FEWEST_PLACES = 10;

  private static final double LEAST_HEIGHT = 1.5;

  /** How much all archives had in the store, after each backup; null if there is too little. */
  static @Nullable ChartView storage(List<Backup> backups, Words words) {
    return of("storage", "Storage used", backups, words, Backup::storedBytes, Words::size);
  }

  /** How long each backup took; null if there is too little to show. */
  static @Nullable ChartView durations(List<Backup> backups, Words words) {
    return of(
        "durations",
        "Time a backup takes",
        backups,
        words,
        backup -> backup.took().toMillis(),
        millis -> Words.took(Duration.ofMillis(millis)));
  }

  private static @Nullable ChartView of(
      String id,
      String title,
      List<Backup> backups,
      Words words,
      ToLongFunction<Backup> value,
      Function<Long, String> print) {
    if (backups.size() < 2) {
      return null;
    }
    long most = Math.max(1, backups.stream().mapToLong(value).max().orElse(1));
    double place = WIDTH / Math.max(FEWEST_PLACES, backups.size());
    List<Bar> bars = new ArrayList<>();
    for (Backup backup : backups) {
      long number = value.applyAsLong(backup);
      double height = Math.max(LEAST_HEIGHT, HEIGHT * number / most);
      bars.add(
          new Bar(
              number(place * bars.size() + place * GAP / 2),
              number(TOP + HEIGHT - height),
              number(place * (1 - GAP)),
              number(height),
              words.when(backup.at()),
              print.apply(number)));
    }
    Backup first = backups.get(0);
    Backup last = backups.get(backups.size() - 1);
    String summary =
        "%s now, %s on %s, %s at most."
            .formatted(
                print.apply(value.applyAsLong(last)),
                print.apply(value.applyAsLong(first)),
                words.date(first.at()),
                print.apply(most));
    return new ChartView(
        id,
        title,
        summary,
        print.apply(most),
        words.date(first.at()),
        words.date(last.at()),
        number(Math.max(100, place * bars.size())),
        bars);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
