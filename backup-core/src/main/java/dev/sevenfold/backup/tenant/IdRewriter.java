package dev.sevenfold.backup.tenant;

/**
 * Rewrites the ids inside a text, where rows got new ids by a restore.
 *
 * <pre>{@code
 * IdRewriter members = (json, ids) -> mapper.replaceEach(json, "$.userIds", id -> ids.of("users", id));
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
   * @param text the column's value in one row, never null
   */
  String rewrite(String text, NewIds ids);
}
