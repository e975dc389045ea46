package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.suggest.Look.Found;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the live rows answer, each question asked once: in one snapshot they stay as they are,
 * whatever the draft says of them. Use from one thread.
 */
final class Answers {

  private final Session session;
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, List<String>> texts = new HashMap<>();
  private final Map<List<Object>, Found> found = new HashMap<>();

  Answers(Session session) {
    this.session = session;
  }

  /** How {@link Found} is counted. */
  interface Counting {
    Found count() throws SQLException;
  }

  /** The number that a query over live rows alone gives. */
  long number(String sql) throws SQLException {
    Long known = numbers.get(sql);
    if (known == null) {
      known = session.queryLong(sql);
      numbers.put(sql, known);
    }
    return known;
  }

  /** Whether a query over live rows alone gives any. */
  boolean exists(String sql) throws SQLException {
    return number("SELECT EXISTS (" + sql + ')') != 0;
  }

  /** The texts that a query over live rows alone gives. */
  List<String> texts(String sql) throws SQLException {
    List<String> known = texts.get(sql);
    if (known == null) {
      known = List.copyOf(session.texts(sql));
      texts.put(sql, known);
    }
    return known;
  }

  /** What is found by the columns of a key, counted unless it was before. */
  Found found(List<Object> key, Counting counting) throws SQLException {
    Found known = found.get(key);
    if (known == null) {
      known = counting.count();
      found.put(key, known);
    }
    return known;
  }
}
