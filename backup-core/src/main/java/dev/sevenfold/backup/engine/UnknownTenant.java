package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says of a tenant that it is not there, and whose ids are nearest to what was written. */
public final class UnknownTenant {

  private static final int NAMED = 3;
  private static final int FAR = 4;

  private record Near(String id, int distance) {}

  private final String written;
  private int most;
  private final List<Near> nearest = new ArrayList<>();

  private UnknownTenant(String id) {
    written = id.toLowerCase(Locale.ROOT);
    most = written.length() < FAR ? 1 : written.length() < 2 * FAR ? 2 : 3;
  }

  /**
   * The refusal of a tenant that has no row. Reads the ids of all tenants, once.
   *
   * @param schema has the rows of the root table
   */
  public static BackupRefused refusal(
      Session session, String schema, Ownership ownership, TenantId tenant) throws SQLException {
    UnknownTenant unknown = new UnknownTenant(tenant.value());
    String root = ownership.root().name();
    session.forEach(
        Sql.of(
            "SELECT {id} FROM {tenants} WHERE {key} IS NOT NULL",
            TenantKey.idOf(Sql.name(ownership.keyColumn())),
            Sql.name(schema, root),
            Sql.name(ownership.keyColumn())),
        row -> unknown.look(row.getString(1)));
    return new BackupRefused(
        "There is no tenant " + tenant + " in table " + root,
        List.of(),
        "Check the id; the key column is " + ownership.keyColumn() + unknown.inWords());
  }

  private String inWords() {
    String ids =
        nearest.stream()
            .map(near -> TenantId.of(near.id()).toString())
            .collect(Collectors.joining(", "));
    return ids.isEmpty()
        ? ""
        : ", and nearest to this id " + (nearest.size() > 1 ? "are " : "is ") + ids;
  }

  private void look(String id) {
    int distance = distance(id);
    if (distance <= most && !id.isEmpty()) {
      nearest.add(new Near(id, distance));
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
  private int distance(String id) {
    String other = id.toLowerCase(Locale.ROOT);
    if (reads(other)) {
      return 0;
    }
    return Math.abs(other.length() - written.length()) > most ? most + 1 : edits(other);
  }

  /** Whether the ids differ in nothing but dashes, quotes, and zeros before a number. */
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
  private static int start(String id) {
    if (id.startsWith("x'")) {
      return 2;
    }
    int i = 0;
    while (i < id.length() - 1 && id.charAt(i) == '0' && Character.isDigit(id.charAt(i + 1))) {
      i++;
    }
    return i;
  }

  private static int skipDecoration(String id, int from) {
    int i = from;
    while (i < id.length() && !Character.isLetterOrDigit(id.charAt(i))) {
      i++;
    }
    return i;
  }

  /**
   * By how many characters, changed, left out, put in or swapped with the next, the ids differ.
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
