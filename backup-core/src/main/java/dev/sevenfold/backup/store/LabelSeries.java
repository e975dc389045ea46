package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label seen as one of a series: the backups of one tenant, its safety archives, those that were
 * taken in by day. Within a series labels are ordered by time; across series they are not. Only a
 * name speaks here, so nothing is deleted on its word. Immutable.
 */
record LabelSeries(String name, String stamp, int number) {

  /** Earlier first. Of use within one series only. */
  static final Comparator<LabelSeries> BY_TIME =
      Comparator.comparing(LabelSeries::stamp).thenComparingInt(LabelSeries::number);

  private static final Pattern PARTS =
      Pattern.compile("(.+)_(\\d{14}|\\d{4}-\\d{2}-\\d{2})(?:-(\\d+))?");

  static LabelSeries of(Label label) {
    Matcher parts = PARTS.matcher(label.value());
    if (!parts.matches()) {
      throw new IllegalStateException("The label " + label + " has no time in it");
    }
    String stamp = parts.group(2);
    // Days and seconds are not comparable as text.
    String name = parts.group(1) + (stamp.length() == 14 ? "" : "_by-day");
    int number = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
    return new LabelSeries(name, stamp, number);
  }

  boolean isAfter(LabelSeries other) {
    return BY_TIME.compare(this, other) > 0;
  }

  boolean isSameAs(LabelSeries other) {
    return name.equals(other.name);
  }
}
