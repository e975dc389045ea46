package dev.sevenfold.backup.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row through the restore points of a tenant. Immutable.
 *
 * @param table its table
 * @param key its key, as {@code RestoreOptions.rows} takes it
 * @param spans with which values it was there, and from when to when, the oldest first
 * @param goneSince the first restore point in which it is not any more; empty if it is there today,
 *     or went after the last one
 * @param isThere whether the tenant has it today
 */
public record RowHistory(
    String table, String key, List<Span> spans, Optional<RestorePoint> goneSince, boolean isThere) {

  /**
   * Restore points that follow each other in which the row has the same values.
   *
   * @param from the first of them; empty if it has these values only today
   * @param until the last of them; as {@code from}
   * @param today whether it has them today, too
   * @param columns the names of its columns
   * @param values as text, null for null; blobs by their length, long texts by their beginning
   */
  public record Span(
      Optional<RestorePoint> from,
      Optional<RestorePoint> until,
      boolean today,
      List<String> columns,
      List<@Nullable String> values) {

    /** Copies the lists. */
    public Span {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(until, "until");
      columns = List.copyOf(columns);
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /** Requires all parts and copies the list. */
  public RowHistory {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(key, "key");
    spans = List.copyOf(spans);
    Objects.requireNonNull(goneSince, "goneSince");
  }
}
