package dev.sevenfold.backup.job;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Finds the firings of an expression by looking at every minute of every day. Knows nothing of bit
 * masks or of searching, and leaves gaps and overlaps to {@link ZonedDateTime#ofLocal}.
 */
final class MinuteWalker {

  private MinuteWalker() {}

  /** All firings from one day to another, both included. */
  static NavigableSet<Instant> walk(
      String expression, ZoneId zone, LocalDate first, LocalDate last) {
    String[] fields = expression.split(" ", -1);
    BitSet minutes = RandomCron.values(fields[0], 0, 59);
    BitSet hours = RandomCron.values(fields[1], 0, 23);
    BitSet days = RandomCron.values(fields[2], 1, 31);
    BitSet months = RandomCron.values(fields[3], 1, 12);
    BitSet weekdays = RandomCron.values(fields[4], 0, 6);
    boolean both = fields[2].startsWith("*") || fields[4].startsWith("*");
    NavigableSet<Instant> firings = new TreeSet<>();
    for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
      boolean day = days.get(date.getDayOfMonth());
      boolean weekday = weekdays.get(date.getDayOfWeek().getValue() % 7);
      if (!months.get(date.getMonthValue()) || !(both ? day && weekday : day || weekday)) {
        continue;
      }
      for (int minute = 0; minute < 24 * 60; minute++) {
        if (hours.get(minute / 60) && minutes.get(minute % 60)) {
          LocalDateTime local = date.atTime(minute / 60, minute % 60);
          firings.add(ZonedDateTime.ofLocal(local, zone, null).toInstant());
        }
      }
    }
    return firings;
  }
}
