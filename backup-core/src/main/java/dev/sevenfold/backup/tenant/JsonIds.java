package dev.sevenfold.backup.tenant;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rewrites the ids in JSON that stand under certain keys. All else, white space too, stays as it
 * is. Thread-safe.
 */
final class JsonIds implements IdRewriter {

  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> tables;

  JsonIds(Map<String, String> tablesByKey) {
    this.tables = Map.copyOf(tablesByKey);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("No key of the JSON is said to hold ids");
    }
  }

  @Override
  public String rewrite(String text, NewIds ids) {
    StringBuilder rewritten = new StringBuilder();
    int copied = 0;
    try (JsonParser json = JSON.createParser(text)) {
      Deque<String> keys = new ArrayDeque<>();
      String key = "";
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        switch (token) {
          case FIELD_NAME -> key = json.currentName();
          // An array's items stand under the key of the array; those of an object have their own.
          case START_ARRAY, START_OBJECT -> keys.push(key);
          case END_ARRAY, END_OBJECT -> key = keys.pop();
          case VALUE_STRING, VALUE_NUMBER_INT -> {
            String table = tables.get(key);
            String now = table == null ? json.getText() : rewritten(json, table, ids);
            if (!now.equals(json.getText())) {
              int start = Math.toIntExact(json.currentTokenLocation().getCharOffset());
              rewritten.append(text, copied, start).append(literal(token, now));
              copied = Math.toIntExact(json.currentLocation().getCharOffset());
            }
          }
          default -> {}
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("The text is no JSON: " + e.getMessage(), e);
    }
    return rewritten.append(text, copied, text.length()).toString();
  }

  private static String rewritten(JsonParser json, String table, NewIds ids) throws IOException {
    String old = json.getText();
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      Object now = ids.of(table, old);
      if (!now.equals(old)) {
        return now.toString();
      }
    }
    // An id that is a number may well be written as a text.
    return NUMBER.matcher(old).matches() ? ids.of(table, Long.valueOf(old)).toString() : old;
  }

  private static String literal(JsonToken token, String value) {
    return token == JsonToken.VALUE_NUMBER_INT && NUMBER.matcher(value).matches()
        ? value
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
  }
}
