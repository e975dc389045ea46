package dev.sevenfold.backup.report;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.source.RestorePlan.FileChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.Objects;

/**
 * The restore points of one tenant, safety archives among them, to be asked what is in them. Each
 * archive is read and verified once, when a question first needs it; its rows stay in scratch space
 * until this is closed. Rows are shown as a restore of today would bring them: in today's shape,
 * and without people whom the model's rules keep erased, both as of when it was read. Today is
 * looked at anew for each question. Changes nothing.
 *
 * <pre>{@code
 * try (TenantHistory history = backups.history(TenantId.of(42))) {
 *   for (RowHistory row : history.find("customers", "17").rows()) {
 *     row.goneSince().ifPresent(point -> System.out.println("gone since " + point.capturedAt()));
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe; one question is answered after the other.
 */
public interface TenantHistory extends AutoCloseable {

  /**
   * What was found.
   *
   * @param rows the rows, in the order of their keys
   * @param unread the restore points that could not be looked at
   * @param bounded whether there are more rows than are shown
   */
  record Found(List<RowHistory> rows, List<Unread> unread, boolean bounded) {
    /** Copies the lists. */
    public Found {
      rows = List.copyOf(rows);
      unread = List.copyOf(unread);
    }
  }

  /**
   * A restore point that could not be looked at.
   *
   * @param label its name
   * @param reason why
   */
  record Unread(Label label, String reason) {
    /** Requires both. */
    public Unread {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * What differs.
   *
   * @param tables what was inserted, updated and deleted between the two
   * @param files the same of files, by their contents
   * @param notes what could not be compared: tables and columns that only one of them has
   */
  record Difference(List<TableChange> tables, FileChange files, List<String> notes) {
    /** Copies the lists. */
    public Difference {
      tables = List.copyOf(tables);
      Objects.requireNonNull(files, "files");
      notes = List.copyOf(notes);
    }
  }

  /** The restore points that are looked at, the oldest first. */
  List<RestorePoint> points();

  /**
   * The rows with this key, through all restore points; none if it is in none of them. Several only
   * where values of other types are written alike.
   *
   * @param key as {@code RestoreOptions.rows} takes it
   * @throws RestoreRefused if there is no such table of the tenant's, or no key that tells rows
   *     apart
   * @throws SourceUnavailable if the database cannot be read
   */
  Found find(String table, String key);

  /**
   * Rows that had this text somewhere in a column in any of the restore points, or have it today;
   * whether letters of ASCII are capital does not matter.
   *
   * @param most how many rows to show
   * @throws RestoreRefused as {@link #find}, and if there is no such column
   * @throws SourceUnavailable if the database cannot be read
   */
  Found findText(String table, String column, String text, int most);

  /**
   * What was changed since a restore point.
   *
   * @param rows how many rows of each table to show
   * @throws ArchiveNotFound if there is no such restore point
   * @throws ArchiveCorrupt if it is not what it says
   * @throws RestoreRefused if it is another tenant's, or cannot be brought to today's shape
   * @throws SourceUnavailable if the database cannot be read
   */
  Difference diff(Label from, int rows);

  /** As {@link #diff(Label, int)}, from one restore point to another one. */
  Difference diff(Label from, Label to, int rows);

  /**
   * Deletes what is in scratch space.
   *
   * @throws OperationFailed if that could not be deleted
   */
  @Override
  void close();
}
