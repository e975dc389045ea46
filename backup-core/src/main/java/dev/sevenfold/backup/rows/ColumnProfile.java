package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the values of a column are like, to tell without looking them up that they cannot be those
 * of another one. Immutable.
 *
 * @param values how many there are, nulls left out
 * @param kind what all of them are
 * @param lowest the lowest number, or the length of the shortest text or blob
 * @param highest the highest number, or the length of the longest
 */
record ColumnProfile(long values, Kind kind, long lowest, long highest) {

  /** What most values of a column are. */
  enum Kind {
    /** Whole numbers, or texts that are. */
    NUMBERS,
    TEXTS,
    BLOBS,
    /** This and that, or nothing that a key is made of. */
    OTHERS
  }

  /** A length at which two values that nobody has copied are not the same. */
  private static final int TELLING = 16;

  /** More columns in one statement meet a limit of SQLite. */
  private static final int AT_ONCE = 100;

  private static final String EACH =
      """
      count(nullif({c}, '')),
      coalesce(sum(typeof({c}) = 'integer' OR (typeof({c}) = 'real' AND {c} = CAST({c} AS INTEGER))
        OR (typeof({c}) = 'text' AND {c} <> '' AND length({c}) < 19
          AND {c} NOT GLOB '*[^0-9]*' AND ({c} = '0' OR {c} NOT GLOB '0*'))), 0),
      coalesce(sum(typeof({c}) = 'text' AND {c} <> ''), 0), coalesce(sum(typeof({c}) = 'blob'), 0),
      min(CAST({c} AS INTEGER)), max(CAST({c} AS INTEGER)), min(length({c})), max(length({c}))\
      """;

  private static final int PARTS = 8;

  /** Whether values of this one may be among those of the other. */
  boolean mayBeAmong(ColumnProfile other) {
    return kind == other.kind
        && kind != Kind.OTHERS
        && lowest <= other.highest
        && highest >= other.lowest;
  }

  /** Whether a value that is found elsewhere is found there for a reason. */
  boolean isTelling() {
    return kind != Kind.NUMBERS && lowest >= TELLING;
  }

  /** Looks at columns of a table, reading it once for all of them. */
  static Map<String, ColumnProfile> of(
      Session session, String live, Table table, List<String> columns) throws SQLException {
    Map<String, ColumnProfile> profiles = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int from = 0; from < columns.size(); from += AT_ONCE) {
      List<String> some = columns.subList(from, Math.min(columns.size(), from + AT_ONCE));
      List<String> parts = new ArrayList<>();
      for (String column : some) {
        parts.add(Sql.of(EACH, "t." + Sql.name(column)));
      }
      String select = "SELECT " + String.join(", ", parts) + " FROM " + live + " t";
      profiles.putAll(
          session
              .query(
                  select,
                  row -> {
                    Map<String, ColumnProfile> read = new TreeMap<>();
                    for (int i = 0; i < some.size(); i++) {
                      int at = i * PARTS;
                      long values = row.getLong(at + 1);
                      Kind kind =
                          kind(
                              values,
                              row.getLong(at + 2),
                              row.getLong(at + 3),
                              row.getLong(at + 4));
                      int range = at + (kind == Kind.NUMBERS ? 5 : 7);
                      read.put(
                          some.get(i),
                          new ColumnProfile(
                              values, kind, row.getLong(range), row.getLong(range + 1)));
                    }
                    return read;
                  })
              .get(0));
    }
    return profiles;
  }

  private static Kind kind(long values, long numbers, long texts, long blobs) {
    if (values == 0) {
      return Kind.OTHERS;
    }
    if (2 * numbers > values) {
      return Kind.NUMBERS;
    }
    if (2 * texts > values) {
      return Kind.TEXTS;
    }
    return 2 * blobs > values ? Kind.BLOBS : Kind.OTHERS;
  }
}
