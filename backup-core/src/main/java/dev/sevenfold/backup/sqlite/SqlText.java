package dev.sevenfold.backup.sqlite;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads just enough of SQL to answer two questions that SQLite has no pragma for: the condition of
 * a partial index, and the tables that a trigger writes to.
 */
final class SqlText {

  /**
   * A word, a quoted name or a single character.
   *
   * @param text a name without its quotes
   * @param quoted whether it cannot be a keyword
   * @param end the position after it
   */
  private record Token(String text, boolean quoted, int end) {
    boolean is(String keyword) {
      return !quoted && text.equalsIgnoreCase(keyword);
    }
  }

  private SqlText() {}

  /** The condition of a {@code CREATE INDEX} statement; empty if it has none. */
  static String condition(String createIndex) {
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

  /**
   * The tables that the body of a {@code CREATE TRIGGER} statement inserts, updates or deletes in.
   */
  static Set<String> writtenTables(String createTrigger) {
    List<Token> tokens = tokens(createTrigger);
    Set<String> tables = new LinkedHashSet<>();
    boolean inBody = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      inBody |= token.is("BEGIN");
      if (!inBody) {
        continue;
      }
      int target = i + 1;
      if (token.is("UPDATE")) {
        target = afterConflictClause(tokens, target);
        if (!is(tokens, target, "SET")) {
          add(tables, tokens, target);
        }
      } else if (token.is("INSERT") || token.is("REPLACE")) {
        target = afterConflictClause(tokens, target);
        if (is(tokens, target, "INTO")) {
          add(tables, tokens, target + 1);
        }
      } else if (token.is("DELETE") && is(tokens, target, "FROM")) {
        add(tables, tokens, target + 1);
      }
    }
    return tables;
  }

  private static int afterConflictClause(List<Token> tokens, int position) {
    return is(tokens, position, "OR") ? position + 2 : position;
  }

  private static boolean is(List<Token> tokens, int position, String keyword) {
    return position < tokens.size() && tokens.get(position).is(keyword);
  }

  private static void add(Set<String> tables, List<Token> tokens, int position) {
    if (position < tokens.size()) {
      tables.add(tokens.get(position).text().toLowerCase(Locale.ROOT));
    }
  }

  private static List<Token> tokens(String sql) {
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
