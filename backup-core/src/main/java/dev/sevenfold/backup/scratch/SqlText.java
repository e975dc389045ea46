package dev.sevenfold.backup.scratch;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads just enough of SQL to answer questions that SQLite has no pragma for: what an index indexes
 * and under which condition, and which statements a trigger is made of.
 */
public final class SqlText {

  /**
   * A word, a quoted name or a single character.
   *
   * @param text a name without its quotes
   * @param quoted whether it cannot be a keyword
   * @param end the position after it
   */
  public record Token(String text, boolean quoted, int end) {
    public boolean is(String keyword) {
      return !quoted && text.equalsIgnoreCase(keyword);
    }
  }

  private SqlText() {}

  /** What a {@code CREATE INDEX} statement indexes, term by term, without the order. */
  static List<String> terms(String createIndex) {
    List<String> terms = new ArrayList<>();
    int depth = 0;
    int start = 0;
    int end = 0;
    for (Token token : tokens(createIndex)) {
      depth -= token.is(")") ? 1 : 0;
      boolean closes = depth == 0 && token.is(")");
      boolean ends = closes || (depth == 1 && token.is(","));
      if (ends) {
        terms.add(createIndex.substring(start, end).strip());
      }
      if (closes) {
        return terms;
      }
      depth += token.is("(") ? 1 : 0;
      boolean begins = ends || (depth == 1 && token.is("("));
      start = begins ? token.end() : start;
      end = depth == 1 && (token.is("ASC") || token.is("DESC")) ? end : token.end();
    }
    return terms;
  }

  /** The condition of a {@code CREATE INDEX} statement; empty if it has none. */
  public static String condition(String createIndex) {
    int depth = 0;
    for (Token token : tokens(createIndex)) {
      if (token.is("(")) {
        depth++;
      } else if (token.is(")")) {
        depth--;
      } else if (depth == 0 && token.is("WHERE")) {
        return createIndex.substring(token.end()).strip();
      }
    }
    return "";
  }

  /** Splits a statement; comments and white space are left out. */
  public static List<Token> tokens(String sql) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (sql.startsWith("--", at)) {
        at = after(sql, "\n", at);
      } else if (sql.startsWith("/*", at)) {
        at = after(sql, "*/", at + 2);
      } else {
        Token token = isQuote(c) ? quoted(sql, at) : plain(sql, at);
        tokens.add(token);
        at = token.end();
      }
    }
    return tokens;
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"' || c == '`' || c == '[';
  }

  private static Token quoted(String sql, int start) {
    char close = sql.charAt(start) == '[' ? ']' : sql.charAt(start);
    StringBuilder text = new StringBuilder();
    int at = start + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == close) {
        boolean doubled = close != ']' && at + 1 < sql.length() && sql.charAt(at + 1) == close;
        if (!doubled) {
          return new Token(text.toString(), true, at + 1);
        }
        at++;
      }
      text.append(c);
      at++;
    }
    return new Token(text.toString(), true, at);
  }

  private static Token plain(String sql, int start) {
    int end = start;
    while (end < sql.length() && isWord(sql.charAt(end))) {
      end++;
    }
    end = Math.max(end, start + 1);
    return new Token(sql.substring(start, end), false, end);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 127;
  }

  private static int after(String sql, String end, int from) {
    int at = sql.indexOf(end, from);
    return at < 0 ? sql.length() : at + end.length();
  }
}
