package dev.sevenfold.backup.naming;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names nearest to one that was written and is not there. Use from one thread. */
public final class NearestNames {

  private static final int NAMED = 3;
  private static final int FAR = 4;

  private record Near(String name, int distance) {}

  private final String written;
  private int most;
  private final List<Near> nearest = new ArrayList<>();

  public NearestNames(String name) {
    written = name.toLowerCase(Locale.ROOT);
    most = written.length() < FAR ? 1 : written.length() < 2 * FAR ? 2 : 3;
  }

  /** The nearest first; empty if none is near. */
  public List<String> found() {
    return nearest.stream().map(Near::name).toList();
  }

  /** Looks at a name that is there. */
  public void look(String name) {
    int distance = distance(name);
    if (distance <= most && !name.isEmpty()) {
      nearest.add(new Near(name, distance));
      nearest.sort(Comparator.comparingInt(Near::distance));
      if (nearest.size() > NAMED) {
        nearest.remove(NAMED);
      }
      if (nearest.size() == NAMED) {
        // What comes later has to be nearer.
        most = nearest.get(NAMED - 1).distance() - 1;
      }
    }
  }

  /** None where the two are written differently, and mean the same to people. */
  private int distance(String name) {
    String other = name.toLowerCase(Locale.ROOT);
    if (reads(other)) {
      return 0;
    }
    return Math.abs(other.length() - written.length()) > most ? most + 1 : edits(other);
  }

  /** Whether the names differ in nothing but dashes, quotes, and zeros before a number. */
  private boolean reads(String other) {
    int i = start(written);
    int j = start(other);
    while (true) {
      i = skipDecoration(written, i);
      j = skipDecoration(other, j);
      if (i == written.length() || j == other.length()) {
        return i == written.length() && j == other.length();
      }
      if (written.charAt(i++) != other.charAt(j++)) {
        return false;
      }
    }
  }

  /** Behind the zeros before a number, and behind the mark of a blob, {@code x'}. */
  private static int start(String name) {
    if (name.startsWith("x'")) {
      return 2;
    }
    int i = 0;
    while (i < name.length() - 1
        && name.charAt(i) == '0'
        && Character.isDigit(name.charAt(i + 1))) {
      i++;
    }
    return i;
  }

  private static int skipDecoration(String name, int from) {
    int i = from;
    while (i < name.length() && !Character.isLetterOrDigit(name.charAt(i))) {
      i++;
    }
    return i;
  }

  /**
   * By how many characters, changed, left out, put in or swapped with the next, the names differ.
   * Stops counting when they are too many: so it is with nearly every one of a million.
   */
  private int edits(String other) {
    int[] before = new int[other.length() + 1];
    int[] last = new int[other.length() + 1];
    int[] now = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= written.length(); i++) {
      now[0] = i;
      int fewest = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = written.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        now[j] = Math.min(Math.min(now[j - 1], last[j]) + 1, last[j - 1] + changed);
        if (i > 1
            && j > 1
            && written.charAt(i - 1) == other.charAt(j - 2)
            && written.charAt(i - 2) == other.charAt(j - 1)) {
          now[j] = Math.min(now[j], before[j - 2] + 1);
        }
        fewest = Math.min(fewest, now[j]);
      }
      if (fewest > most) {
        return fewest;
      }
      int[] free = before;
      before = last;
      last = now;
      now = free;
    }
    return last[other.length()];
  }
}
