package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A column with the tenant's key that a table has since the archive was made. Every archived row is
 * the tenant's, so that it gets the tenant's key there: the column's default, or none, would hide
 * the row from an application that looks by this column, or make it somebody else's.
 *
 * @param table the table as it is now
 * @param column the column
 * @param root the table of the tenants
 * @param keyColumn the column there
 */
public record AddedTenantColumn(Table table, String column, Table root, String keyColumn) {

  private static final String KEY = Sql.name(Workbench.PLAN, "archived_key");

  private static final String MARK = "keyless_";

  /** Finds the column, if the table has one by now that it did not have then. */
  public static Optional<AddedTenantColumn> of(
      Ownership ownership, Schema live, Table now, Table then) {
    return ownership
        .owned(now.name())
        .filter(owned -> !ownership.isRoot(owned))
        .flatMap(OwnedTable::byKey)
        .map(Claim.ByKey::column)
        .filter(column -> now.stored().contains(column))
        .filter(column -> then.spelled(List.of(column)).isEmpty())
        .map(
            column ->
                new AddedTenantColumn(
                    now, column, live.table(ownership.root().name()), ownership.keyColumn()));
  }

  /**
   * The value of the column for the archived row under {@code alias}, as SQL: what the same row
   * holds now, if that is the tenant's key; else the key as the tenant's other rows hold it, or as
   * everybody's do.
   *
   * @param key the key that the archived rows are of
   * @param archived the table with the archived rows, as SQL
   * @param same columns, in the archive too, that tell whether it is the same row; possibly none
   */
  public String value(
      LiveRows live, TenantKey key, String alias, String archived, List<String> same)
      throws SQLException {
    key.keep(live.workbench(), KEY, root, keyColumn);
    List<Question> questions = new ArrayList<>();
    questions.add(Question.holding(table, List.of(column), "SELECT k FROM " + KEY));
    questions.add(Question.any(table, column));
    if (!same.isEmpty()) {
      String values = "SELECT " + Sql.columns(same) + " FROM " + archived;
      questions.add(Question.holding(table, same, values));
    }
    live.bring(questions);
    String held = "m." + Sql.name(column);
    String from = " FROM " + live.table(table.name()) + " m WHERE ";
    String isKey =
        root.compared(table, "m", List.of(column), List.of(keyColumn)) + " = " + theKey();
    String usual =
        "coalesce((SELECT " + held + from + isKey + " LIMIT 1), " + likeOthers(held, from) + ')';
    return same.isEmpty()
        ? usual
        : Sql.of(
            "coalesce((SELECT {held}{from}{same row} AND {is key}), {usual})",
            held,
            from,
            Sql.equal("m", same, alias, same),
            isKey,
            usual);
  }

  /**
   * Remembers, for as long as the plan is there, that the archived rows did not have the column.
   */
  public void remember(Session session) throws SQLException {
    session.make(mark(table), "(a)");
  }

  /** Whether the archived rows of a table did not have the column with the tenant's key. */
  static boolean isRemembered(Session session, Table table) throws SQLException {
    return session.hasTable(Workbench.PLAN, MARK + table.name());
  }

  private static String mark(Table table) {
    return Sql.name(Workbench.PLAN, MARK + table.name());
  }

  private static String theKey() {
    return "(SELECT k FROM " + KEY + ')';
  }

  /** A number as a text, where a column without a type holds the keys as texts. */
  private static String likeOthers(String held, String from) {
    return Sql.of(
        """
        CASE WHEN typeof({key}) = 'integer'
            AND (SELECT typeof({held}){from}{held} IS NOT NULL LIMIT 1) = 'text'
          THEN CAST({key} AS TEXT) ELSE {key} END
        """,
        theKey(),
        held,
        from);
  }
}
