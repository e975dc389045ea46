package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.files.FileSets;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RowHistory;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan.FileChange;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.stage.WrittenKey;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The restore points of one tenant, each laid out in scratch space once. */
public final class StagedHistory implements TenantHistory {

  /** More are not looked at: each takes the room of a tenant's rows. */
  private static final int MOST = 100;

  private final TenantSource source;
  private final Verifier verifier;
  private final Path scratch;
  private final TenantId tenant;
  private final List<RestorePoint> points;
  private final List<Unread> unread = new ArrayList<>();
  private final Scratch folder;
  private final Map<Label, Looked> looked = new HashMap<>();
  private int folders;

  /** What is known of an archive that was read, or why it was not. */
  private record Looked(Optional<Laid> laid, Optional<BackupException> failure) {}

  /** A tenant's rows and files of an instant; without rows where there was no such tenant. */
  private record Laid(Optional<StagedRows> rows, Map<String, String> files, List<String> notes) {}

  /** One step on the way of a row: a restore point, or today. */
  private record Step(Optional<RestorePoint> point, Map<String, StagedRows.Row> rows) {}

  private StagedHistory(
      TenantSource source,
      Verifier verifier,
      Path scratch,
      TenantId tenant,
      List<RestorePoint> points) {
    this.source = source;
    this.verifier = verifier;
    this.scratch = scratch;
    this.tenant = tenant;
    this.points = points;
    this.folder = Scratch.in(scratch);
  }

  /** Opens the history of a tenant; reads no archive. */
  public static StagedHistory open(
      TenantSource source,
      Verifier verifier,
      Path scratch,
      TenantId tenant,
      ArchiveList backups,
      ArchiveList safety) {
    List<RestorePoint> all =
        Stream.concat(backups.points().stream(), safety.points().stream())
            .sorted(RestorePoint.byInstant())
            .toList();
    int left = Math.max(0, all.size() - MOST);
    StagedHistory history =
        new StagedHistory(source, verifier, scratch, tenant, all.subList(left, all.size()));
    Stream.concat(backups.unreadable().stream(), safety.unreadable().stream())
        .forEach(archive -> history.unread.add(new Unread(archive.label(), archive.reason())));
    for (RestorePoint point : all.subList(0, left)) {
      history.unread.add(
          new Unread(point.label(), "only the last " + MOST + " restore points are looked at"));
    }
    return history;
  }

  @Override
  public List<RestorePoint> points() {
    return points;
  }

  @Override
  public synchronized Found find(String table, String key) {
    return find(
        table,
        (found, bound) -> {
          bound.addAll(WrittenKey.bound(found.name(), found.identity(), key));
          return WrittenKey.names(found.identity(), "t");
        },
        MOST);
  }

  @Override
  public synchronized Found findText(String table, String column, String text, int most) {
    if (text.isEmpty() || most < 1) {
      throw new IllegalArgumentException("There is no text to look for, or no row to show");
    }
    return find(
        table,
        (found, bound) -> {
          List<String> spelled = found.spelled(List.of(column));
          if (spelled.isEmpty()) {
            throw new RestoreRefused(
                "Table " + found.name() + " has no column " + column,
                List.of(),
                "Its columns are "
                    + String.join(", ", found.columns().stream().map(Table.Column::name).toList()));
          }
          bound.add(text);
          String value = "t." + Sql.name(spelled.get(0));
          return Sql.of(
              "typeof({value}) <> 'blob' AND instr(lower(CAST({value} AS TEXT)), lower(?)) > 0",
              value);
        },
        most);
  }

  private Found find(String table, StagedRows.Condition condition, int most) {
    return withToday(today -> find(today, table, condition, most));
  }

  private interface Question<T> {
    T of(Laid today) throws SQLException;
  }

  private <T> T withToday(Question<T> question) {
    try (Scratch now = Scratch.in(scratch)) {
      Laid today = today(now);
      return SqliteErrors.orUnavailable(
          "Looking into the restore points of tenant " + tenant, () -> question.of(today));
    }
  }

  /** The tenant as it is; without rows where it is not there any more. */
  private Laid today(Scratch now) {
    if (source.missing(tenant).isPresent()) {
      return new Laid(Optional.empty(), Map.of(), List.of());
    }
    TenantSnapshot snapshot = source.extract(tenant, now.newFolder("today"), Progress.none());
    Map<String, String> files = new TreeMap<>();
    snapshot.files().forEach(file -> files.put(file.entryName(), file.sha256()));
    return new Laid(Optional.of(new StagedRows(snapshot.database())), files, List.of());
  }

  private Found find(Laid today, String table, StagedRows.Condition condition, int most)
      throws SQLException {
    List<Unread> left = new ArrayList<>(unread);
    Map<Optional<RestorePoint>, StagedRows> laid = new LinkedHashMap<>();
    for (RestorePoint point : points) {
      Looked at = look(point.label());
      at.laid().flatMap(Laid::rows).ifPresent(rows -> laid.put(Optional.of(point), rows));
      at.failure().ifPresent(e -> left.add(new Unread(point.label(), why(e))));
    }
    today.rows().ifPresent(rows -> laid.put(Optional.empty(), rows));
    Map<String, String> keys = new LinkedHashMap<>();
    TreeSet<String> tables = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (StagedRows rows : laid.values()) {
      tables.addAll(rows.tables());
      rows.find(table, condition, most + 1).forEach((id, row) -> keys.putIfAbsent(id, row.key()));
    }
    if (!tables.contains(table) && !tables.isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + tenant + " has no table " + table,
          List.of(),
          "Its tables are " + String.join(", ", tables));
    }
    List<String> ids = keys.keySet().stream().limit(most).toList();
    List<Step> steps = new ArrayList<>();
    for (Map.Entry<Optional<RestorePoint>, StagedRows> at : laid.entrySet()) {
      steps.add(new Step(at.getKey(), at.getValue().find(table, among(ids), ids.size())));
    }
    if (today.rows().isEmpty()) {
      steps.add(new Step(Optional.empty(), Map.of()));
    }
    String name = tables.isEmpty() ? table : String.valueOf(tables.floor(table));
    List<RowHistory> rows =
        ids.stream().map(id -> history(name, id, keys.getOrDefault(id, id), steps)).toList();
    return new Found(rows, left, keys.size() > most);
  }

  private static String why(BackupException failure) {
    List<String> reasons =
        failure instanceof RestoreRefused refused ? refused.reasons() : List.of();
    return reasons.isEmpty() ? failure.what() : failure.what() + ": " + String.join("; ", reasons);
  }

  private static StagedRows.Condition among(List<String> ids) {
    return (table, bound) -> {
      bound.addAll(ids);
      return ids.isEmpty()
          ? "0"
          : StagedRows.id(table) + " IN (" + Sql.commas(ids, id -> "?") + ')';
    };
  }

  private static RowHistory history(String table, String id, String key, List<Step> steps) {
    List<RowHistory.Span> spans = new ArrayList<>();
    List<String> last = List.of();
    Optional<RestorePoint> gone = Optional.empty();
    boolean isThere = false;
    for (Step step : steps) {
      StagedRows.Row row = step.rows().get(id);
      if (row == null) {
        if (isThere) {
          gone = step.point();
        }
        isThere = false;
        continue;
      }
      boolean today = step.point().isEmpty();
      if (isThere && last.equals(row.exact())) {
        RowHistory.Span span = spans.remove(spans.size() - 1);
        spans.add(
            new RowHistory.Span(
                span.from(),
                today ? span.until() : step.point(),
                today,
                span.columns(),
                span.values()));
      } else {
        spans.add(
            new RowHistory.Span(step.point(), step.point(), today, row.columns(), row.values()));
      }
      gone = Optional.empty();
      last = row.exact();
      isThere = true;
    }
    return new RowHistory(table, key, spans, gone, isThere);
  }

  @Override
  public synchronized Difference diff(Label from, int rows) {
    Laid then = require(from);
    return withToday(today -> difference(then, today, rows));
  }

  @Override
  public synchronized Difference diff(Label from, Label to, int rows) {
    Laid then = require(from);
    Laid later = require(to);
    return SqliteErrors.orUnavailable(
        "Comparing archives of tenant " + tenant, () -> difference(then, later, rows));
  }

  private Difference difference(Laid then, Laid later, int rows) throws SQLException {
    List<String> notes = new ArrayList<>(then.notes());
    later.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
    if (then.rows().isEmpty() || later.rows().isEmpty()) {
      throw new RestoreRefused(
          "There is no tenant " + tenant + " today to compare with",
          List.of(),
          "Compare two restore points");
    }
    Path plan = folder.newFolder("diff-" + folders++).resolve("plan.sqlite3");
    return new Difference(
        then.rows().get().to(later.rows().get(), plan, rows, notes),
        files(then.files(), later.files()),
        notes);
  }

  private static FileChange files(Map<String, String> then, Map<String, String> later) {
    long unchanged =
        later.entrySet().stream().filter(e -> e.getValue().equals(then.get(e.getKey()))).count();
    long removed = then.keySet().stream().filter(name -> !later.containsKey(name)).count();
    return new FileChange(later.size() - unchanged, removed, unchanged);
  }

  private Laid require(Label label) {
    if (points.stream().noneMatch(point -> point.label().equals(label))) {
      if (label.tenant().filter(tenant::equals).isEmpty()) {
        throw new RestoreRefused(
            "The archive " + label + " is not of tenant " + tenant,
            List.of(),
            "Choose one of its own restore points");
      }
      for (Unread archive : unread) {
        if (archive.label().equals(label)) {
          throw new RestoreRefused(
              "The archive " + label + " cannot be looked at: " + archive.reason(),
              List.of(),
              "Choose another restore point");
        }
      }
      throw new ArchiveNotFound(
          "Tenant " + tenant + " has no restore point " + label, "Choose one that is listed");
    }
    Looked at = look(label);
    if (at.failure().isPresent()) {
      throw at.failure().get();
    }
    return at.laid().orElseThrow();
  }

  private Looked look(Label label) {
    Looked known = looked.get(label);
    if (known != null) {
      return known;
    }
    Looked now;
    try {
      now = new Looked(Optional.of(lay(label)), Optional.empty());
    } catch (StoreUnavailable e) {
      // It may answer the next question.
      return new Looked(Optional.empty(), Optional.of(e));
    } catch (SourceUnavailable | OperationFailed e) {
      // Says nothing of the archive.
      throw e;
    } catch (BackupException e) {
      now = new Looked(Optional.empty(), Optional.of(e));
    }
    looked.put(label, now);
    return now;
  }

  /** Only the rows are kept, and the digests of the files. */
  private Laid lay(Label label) {
    try (Scratch work = Scratch.in(scratch)) {
      StagedTenant staged = verifier.stageTenant(label, work.newFolder("archive"), Progress.none());
      PlannedRestore planned =
          source.plan(
              staged,
              tenant,
              RestoreOptions.DEFAULT.leavingOutDropped(),
              work.newFolder("plan"),
              Progress.none());
      Path kept = folder.newFolder("rows-" + folders++).resolve("tenant.sqlite3");
      Files.move(planned.archived(), kept);
      Map<String, String> files = new TreeMap<>();
      for (ArchiveManifest.Entry entry : staged.manifest().entries()) {
        if (FileSets.isFile(entry.name())) {
          files.put(entry.name(), entry.sha256());
        }
      }
      return new Laid(Optional.of(new StagedRows(kept)), files, planned.plan().notes());
    } catch (IOException e) {
      throw new OperationFailed(
          "The rows of " + label + " could not be kept: " + Printable.reason(e),
          "Check the disk that holds the scratch folder",
          e);
    }
  }

  @Override
  public synchronized void close() {
    folder.close();
  }
}
