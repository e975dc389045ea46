package dev.sevenfold.backup.tenant;

import java.util.Map;

/**
 * Rewrites the ids inside a text, where rows got new ids by a restore. Called from the thread that
 * restores.
 *
 * <pre>{@code
 * IdRewriter link = (path, ids) -> "/users/" + ids.of("users", idIn(path));
 * }</pre>
 */
@FunctionalInterface
public interface IdRewriter {

  /** The ids that changed. */
  @FunctionalInterface
  interface NewIds {
    /**
     * The new id of a row of a table; the same id if it was not changed.
     *
     * @param table the table's name, as the schema spells it
     * @param id a {@link Long}, a {@link String} or a {@code byte[]}
     */
    Object of(String table, Object id);
  }

  /**
   * The text with every id in it replaced.
   *
   * @param text the column's value in one row, never null; of a blob, what it says in UTF-8, or the
   *     JSON that it is in SQLite's binary form
   * @throws RuntimeException if it cannot be understood; the restore is refused then, and says
   *     where
   */
  String rewrite(String text, NewIds ids);

  /**
   * Rewrites texts that are ids with something between them: the {@code ancestry} of a tree, {@code
   * 1/5/7}.
   *
   * @param table the table whose ids they are, as the schema spells it
   * @param separator what is between them
   * @throws IllegalArgumentException if the separator is empty
   */
  static IdRewriter separated(String table, String separator) {
    return PlacedIds.separated(table, separator);
  }

  /**
   * Rewrites ids that stand in a text at certain places, wherever these are in it.
   *
   * <pre>{@code
   * TenantModel.rootedAt("tenants")
   *     .rewriteIds("notes", "body", IdRewriter.pattern(Map.of("gid://app/User/{id}", "users")));
   * }</pre>
   *
   * @param tablesByPattern from what stands around {@code {id}} to the table whose id it is, as the
   *     schema spells it. An id is of letters, digits, {@code -} and {@code _}
   * @throws IllegalArgumentException if there is no pattern, or one that has not one {@code {id}}
   *     behind something else
   */
  static IdRewriter pattern(Map<String, String> tablesByPattern) {
    return PlacedIds.patterns(tablesByPattern);
  }

  /**
   * Rewrites JSON: what stands under one of these keys, at any depth, is the id of a row, or an
   * array of such. All else stays as it is.
   *
   * <pre>{@code
   * TenantModel.rootedAt("tenants")
   *     .rewriteIds("boards", "layout", IdRewriter.json(Map.of("userId", "users", "cards", "cards")));
   * }</pre>
   *
   * @param tablesByKey from a key to the table whose ids it holds, as the schema spells it
   * @throws IllegalArgumentException if there is no key
   */
  static IdRewriter json(Map<String, String> tablesByKey) {
    return new JsonIds(tablesByKey);
  }
}
