package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would change, ready to be shown. Immutable.
 *
 * @param tables those that change
 * @param sentence all of it in one
 * @param files what becomes of the files; empty if nothing does
 * @param untouched how many rows are left alone, in words
 * @param conflicts why it cannot be done
 * @param notes what to know
 * @param nothing whether it would change nothing at all
 */
record PlanView(
    List<Table> tables,
    String sentence,
    String files,
    String untouched,
    List<String> conflicts,
    List<String> notes,
    boolean nothing) {

  /** How many rows of a table are shown, at most. */
  static final int ROWS = 50;

  /** One table; {@code rows} is null unless they were asked for. */
  record Table(TableChange change, String title, @Nullable Rows rows) {}

  /** Rows of a table. */
  record Rows(List<String> columns, List<RowView> rows, String more) {}

  /** One row; {@code name} is its key, and what people know it by. */
  record RowView(String kind, String style, String name, List<Cell> cells) {}

  /** One value: one that stays, or one that changes, now and then. */
  record Cell(String now, String then, boolean changes, boolean same) {}

  private static final int LONGEST_VALUE = 80;

  /** A plan, with the rows of one table. */
  static PlanView of(RestorePlan plan, String tableWithRows) {
    List<Table> tables =
        plan.tables().stream()
            .filter(table -> !table.isEmpty())
            .map(
                table ->
                    new Table(
                        table,
                        title(table.table()),
                        table.table().equals(tableWithRows) ? rows(table) : null))
            .toList();
    long unchanged = plan.tables().stream().mapToLong(TableChange::unchanged).sum();
    return new PlanView(
        tables,
        sentence(
            sum(plan, TableChange::inserted),
            sum(plan, TableChange::updated),
            sum(plan, TableChange::deleted)),
        files(plan.files()),
        Words.count(unchanged, "row is", "rows are") + " the same now as then, and left alone.",
        plan.conflicts(),
        plan.notes(),
        plan.isEmpty());
  }

  private static long sum(RestorePlan plan, ToLongFunction<TableChange> count) {
    return plan.tables().stream().mapToLong(count).sum();
  }

  /** {@code 3 rows would come back, 1 row would change, 1 row would go}. */
  private static String sentence(long inserted, long updated, long deleted) {
    return sentence(inserted, "would come back", updated, "would change", deleted, "would go");
  }

  /** {@code 3 rows came back, 1 row changed, 1 row went}. */
  static String past(long inserted, long updated, long deleted) {
    return sentence(inserted, "came back", updated, "changed", deleted, "went");
  }

  private static String sentence(
      long inserted, String comes, long updated, String changes, long deleted, String goes) {
    List<String> parts = new ArrayList<>();
    addRows(parts, inserted, comes);
    addRows(parts, updated, changes);
    addRows(parts, deleted, goes);
    return parts.isEmpty() ? "No rows differ" : String.join(", ", parts);
  }

  private static void addRows(List<String> parts, long rows, String verb) {
    if (rows > 0) {
      parts.add(Words.count(rows, "row", "rows") + " " + verb);
    }
  }

  private static String files(RestorePlan.FileChange files) {
    List<String> parts = new ArrayList<>();
    if (files.written() > 0) {
      parts.add(Words.count(files.written(), "file", "files") + " would come back");
    }
    if (files.removed() > 0) {
      parts.add(Words.count(files.removed(), "file", "files") + " would go");
    }
    return String.join(", ", parts);
  }

  /** {@code invoice_lines} is {@code Invoice lines} to people. */
  private static String title(String table) {
    String words = table.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ENGLISH) + words.substring(1);
  }

  private static Rows rows(TableChange change) {
    List<String> columns = change.rows().isEmpty() ? List.of() : change.rows().get(0).columns();
    long left = change.inserted() + change.updated() + change.deleted() - change.rows().size();
    return new Rows(
        columns.stream().filter(PlanView::isShown).toList(),
        change.rows().stream().map(PlanView::row).toList(),
        left > 0 ? "and " + Words.count(left, "more row", "more rows") : "");
  }

  /** Whose a row is says nothing to who sees their own rows alone. */
  private static boolean isShown(String column) {
    return !column.equals(Backups.TENANT_COLUMN);
  }

  private static RowView row(RowChange row) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < row.columns().size(); i++) {
      if (isShown(row.columns().get(i))) {
        cells.add(cell(row, i));
      }
    }
    String name =
        row.key().orElse("") + row.display().map(display -> " (" + display + ')').orElse("");
    return switch (row.kind()) {
      case INSERTED -> new RowView("Comes back", "back", name, cells);
      case UPDATED -> new RowView("Changes", "changes", name, cells);
      case DELETED -> new RowView("Goes", "goes", name, cells);
    };
  }

  private static Cell cell(RowChange row, int i) {
    String now = value(row.before(), i);
    String then = value(row.after(), i);
    return switch (row.kind()) {
      case INSERTED -> new Cell("", then, false, true);
      case DELETED -> new Cell("", now, false, true);
      case UPDATED -> new Cell(now, then, !Objects.equals(now, then), Objects.equals(now, then));
    };
  }

  private static String value(List<@Nullable String> values, int i) {
    if (i >= values.size()) {
      return "";
    }
    String value = values.get(i);
    if (value == null) {
      return "–";
    }
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
  }
}
