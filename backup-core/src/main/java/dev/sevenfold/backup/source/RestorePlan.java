package dev.sevenfold.backup.source;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a restore changes, table by table, and what stands in its way. Immutable.
 *
 * @param target the tenant that is put back
 * @param tables the owned tables, in the order of their names
 * @param files what happens to the files that rows name
 * @param sideEffects rows of other owners that the host's declared {@code ON DELETE} actions reach
 * @param conflicts why the restore is refused; empty if it can be done
 * @param notes what a person should know: columns that take their default, references that dangle
 * @param rebuild what the application has to make anew afterwards: what it keeps by callbacks of
 *     its own, as the model says, and tables of no tenant that triggers of changed tables write to,
 *     which do not fire
 * @param options how the restore goes about it
 * @param archive what is restored; empty if it does not lie in a store
 * @param digest the identity of what would be written, of a preview; empty of a restore
 */
public record RestorePlan(
    TenantId target,
    List<TableChange> tables,
    FileChange files,
    List<SideEffect> sideEffects,
    List<String> conflicts,
    List<String> notes,
    List<String> rebuild,
    RestoreOptions options,
    Optional<Label> archive,
    Optional<PlanDigest> digest) {

  /**
   * The rows of one table.
   *
   * @param table its name
   * @param inserted rows that are not there now
   * @param updated rows that are there with other values
   * @param deleted rows that were not there then
   * @param unchanged rows that are left alone
   * @param rows the first of the rows that change, as many as were asked for
   */
  public record TableChange(
      String table,
      long inserted,
      long updated,
      long deleted,
      long unchanged,
      List<RowChange> rows) {
    /** Requires the name and copies the list. */
    public TableChange {
      Objects.requireNonNull(table, "table");
      rows = List.copyOf(rows);
    }

    /** This change, with rows to show. */
    public TableChange showing(List<RowChange> shown) {
      return new TableChange(table, inserted, updated, deleted, unchanged, shown);
    }

    /** Whether anything is written to the table. */
    public boolean isEmpty() {
      return inserted + updated + deleted == 0;
    }
  }

  /**
   * One row that changes.
   *
   * @param kind what happens to it
   * @param key its primary key, as {@link RestoreOptions#rows} takes it; empty if it has none
   * @param display the value that people know it by, as it is now, or as it comes back: of the
   *     column that the model says, or of the first that holds texts; empty if it has none
   * @param columns the names of its columns
   * @param before its values now, as text, null for null; empty if it is not there
   * @param after its values afterwards; empty if it goes
   */
  public record RowChange(
      Kind kind,
      Optional<String> key,
      Optional<String> display,
      List<String> columns,
      List<@Nullable String> before,
      List<@Nullable String> after) {

    /** What happens to a row. */
    public enum Kind {
      /** It is not there now. */
      INSERTED,
      /** It has other values now. */
      UPDATED,
      /** It was not there then. */
      DELETED
    }

    /** Copies the lists. */
    public RowChange {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(display, "display");
      columns = List.copyOf(columns);
      before = Collections.unmodifiableList(new ArrayList<>(before));
      after = Collections.unmodifiableList(new ArrayList<>(after));
    }
  }

  /**
   * The files that rows name.
   *
   * @param written files that are missing now, or have another content
   * @param removed files that only rows which go away name
   * @param unchanged files that are left alone
   */
  public record FileChange(long written, long removed, long unchanged) {
    /** No files at all. */
    public static final FileChange NONE = new FileChange(0, 0, 0);
  }

  /**
   * Rows outside the tenant that go, or lose a reference, because the schema says so, or the model.
   *
   * @param table their table
   * @param action the declared action: {@code CASCADE}, {@code SET NULL}, {@code SET DEFAULT}; or
   *     {@code DELETE}, where the model has rows of the ignored table go
   * @param rows how many
   */
  public record SideEffect(String table, String action, long rows) {
    /** Requires the names. */
    public SideEffect {
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(action, "action");
    }
  }

  /** Requires all parts and copies the lists. */
  public RestorePlan {
    Objects.requireNonNull(target, "target");
    tables = List.copyOf(tables);
    Objects.requireNonNull(files, "files");
    sideEffects = List.copyOf(sideEffects);
    conflicts = List.copyOf(conflicts);
    notes = List.copyOf(notes);
    rebuild = List.copyOf(rebuild);
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(digest, "digest");
  }

  /** This plan, with its identity. */
  public RestorePlan identifiedBy(PlanDigest identity) {
    return with(archive, Optional.of(identity));
  }

  /** This plan, of an archive in a store. */
  public RestorePlan of(Label label) {
    return with(Optional.of(label), digest);
  }

  /**
   * The archive that this is a plan of.
   *
   * @throws IllegalArgumentException if it does not lie in a store
   */
  public Label requireArchive() {
    return archive.orElseThrow(
        () ->
            new IllegalArgumentException(
                "This plan of tenant " + target + " is of no archive in a store; preview one"));
  }

  /**
   * How exactly this plan is executed.
   *
   * @throws IllegalArgumentException if it has no identity, because it was executed
   */
  public RestoreOptions exactly() {
    return options.exactly(
        digest.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "This plan of tenant " + target + " is that of a restore; preview another")));
  }

  private RestorePlan with(Optional<Label> label, Optional<PlanDigest> identity) {
    return new RestorePlan(
        target, tables, files, sideEffects, conflicts, notes, rebuild, options, label, identity);
  }

  /** Whether nothing at all would be written. */
  public boolean isEmpty() {
    return tables.stream().allMatch(TableChange::isEmpty)
        && files.written() + files.removed() == 0
        && sideEffects.isEmpty();
  }
}
