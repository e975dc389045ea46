package dev.sevenfold.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * Two ways of doing one thing, measured in turn, so that whatever else the machine does meets both.
 */
final class Rounds {

  private static final int ROUNDS = 5;

  /** A way of doing it. */
  @FunctionalInterface
  interface Way {
    void go(int round) throws Exception;
  }

  /** A way of doing it that measures itself. */
  @FunctionalInterface
  interface Timed {
    double milliseconds(int round) throws Exception;
  }

  private Rounds() {}

  /** Compares the time that two ways take; prints the medians and their ratio. */
  static void compare(String what, String ours, Way our, String theirs, Way their)
      throws Exception {
    compareTimes(what, ours, timed(our), theirs, timed(their));
  }

  private static Timed timed(Way way) {
    return round -> {
      long start = System.nanoTime();
      way.go(round);
      return (System.nanoTime() - start) / 1e6;
    };
  }

  /** Compares what two ways have measured themselves. The first round warms up. */
  static void compareTimes(String what, String ours, Timed our, String theirs, Timed their)
      throws Exception {
    double[] ourTimes = new double[ROUNDS];
    double[] theirTimes = new double[ROUNDS];
    for (int round = 0; round <= ROUNDS; round++) {
      double ourTime = our.milliseconds(round);
      double theirTime = their.milliseconds(round);
      if (round > 0) {
        ourTimes[round - 1] = ourTime;
        theirTimes[round - 1] = theirTime;
      }
    }
    double ourMedian = median(ourTimes);
    double theirMedian = median(theirTimes);
    System.out.printf(
        Locale.ROOT,
        "%-28s %s %.0f ms (%.0f-%.0f), %s %.0f ms (%.0f-%.0f): %.2f times as fast%n",
        what,
        ours,
        ourMedian,
        ourTimes[0],
        ourTimes[ROUNDS - 1],
        theirs,
        theirMedian,
        theirTimes[0],
        theirTimes[ROUNDS - 1],
        theirMedian / ourMedian);
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  /** Runs a program to its end. */
  static void program(ProcessBuilder program) throws Exception {
    int code =
        program
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", program.command()) + " ended with " + code);
    }
  }
}
