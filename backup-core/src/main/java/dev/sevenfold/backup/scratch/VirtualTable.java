package dev.sevenfold.backup.scratch;

import java.util.List;
import java.util.Locale;

/**
 * What a {@code CREATE VIRTUAL TABLE} statement says of where the rows are.
 *
 * @param module in lower case
 * @param elsewhere whether the option {@code content} says that its texts are another table's, or
 *     kept nowhere
 */
record VirtualTable(String module, boolean elsewhere) {

  static VirtualTable of(String create) {
    List<SqlText.Token> tokens = SqlText.tokens(create);
    int using = 0;
    while (using < tokens.size() && !tokens.get(using).is("USING")) {
      using++;
    }
    String module =
        using + 1 < tokens.size() ? tokens.get(using + 1).text().toLowerCase(Locale.ROOT) : "";
    int depth = 0;
    boolean elsewhere = false;
    for (int i = using + 2; i + 2 < tokens.size(); i++) {
      depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
      boolean begins = depth == 1 && (tokens.get(i).is("(") || tokens.get(i).is(","));
      // In quotes it is a column of that name.
      elsewhere |=
          begins
              && !tokens.get(i + 1).quoted()
              && isContent(module, tokens.get(i + 1).text())
              && tokens.get(i + 2).is("=");
    }
    return new VirtualTable(module, elsewhere);
  }

  /** The module {@code fts5} takes the beginning of an option's name for the whole. */
  private static boolean isContent(String module, String option) {
    String name = option.toLowerCase(Locale.ROOT);
    return module.equals("fts5") ? "content".startsWith(name) : name.equals("content");
  }

  /**
   * Whether it has rows that no other table has.
   *
   * @param hasStorage whether it has tables behind it
   */
  boolean keepsRows(boolean hasStorage) {
    boolean isText = module.equals("fts5") || module.equals("fts4");
    return hasStorage && !(isText && elsewhere);
  }
}
