package dev.sevenfold.backup.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Makes random cron expressions and reads them in the plainest way. */
final class RandomCron {

  private RandomCron() {}

  /** Five random fields; days that every month has, so that it fires. */
  static String expression(Random random) {
    return String.join(
        " ",
        field(random, 0, 59, 5),
        // The hours of clock changes are more interesting than others.
        random.nextBoolean() ? field(random, 0, 4, 5) : field(random, 0, 23, 4),
        field(random, 1, 28, 2),
        field(random, 1, 12, 2),
        field(random, 0, 6, 2));
  }

  private static String field(Random random, int min, int max, int restricted) {
    if (random.nextInt(restricted + 1) == 0) {
      return "*";
    }
    List<String> items = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int from = min + random.nextInt(max - min + 1);
      int to = from + random.nextInt(max - from + 1);
      int step = 1 + random.nextInt(max - min);
      items.add(
          switch (random.nextInt(5)) {
            case 0 -> from + "-" + to;
            case 1 -> from + "-" + to + "/" + step;
            case 2 -> max >= 6 ? "*/" + step : String.valueOf(from);
            default -> String.valueOf(from);
          });
    }
    return String.join(",", items);
  }

  /** The values of a field, item by item. */
  static BitSet values(String field, int min, int max) {
    BitSet values = new BitSet();
    for (String item : field.split(",", -1)) {
      String[] range = item.split("/", -1);
      int step = range.length == 1 ? 1 : Integer.parseInt(range[1]);
      String[] ends =
          range[0].equals("*") ? new String[] {"" + min, "" + max} : range[0].split("-", -1);
      int to = Integer.parseInt(ends[ends.length - 1]);
      for (int value = Integer.parseInt(ends[0]); value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }
}
