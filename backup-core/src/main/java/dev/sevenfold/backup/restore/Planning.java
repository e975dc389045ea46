package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.files.FileKeys;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.files.FilePlanner;
import dev.sevenfold.backup.files.FileSets;
import dev.sevenfold.backup.files.PartFiles;
import dev.sevenfold.backup.files.RenamedFiles;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.journal.FileStamps;
import dev.sevenfold.backup.merge.LeftBehind;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.ReplacedValues;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.merge.RowSamples;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.stage.KeptRows;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.stage.KnownToOthers;
import dev.sevenfold.backup.stage.Part;
import dev.sevenfold.backup.stage.Remap;
import dev.sevenfold.backup.stage.RowNames;
import dev.sevenfold.backup.stage.Stage;
import dev.sevenfold.backup.stage.StageRules;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One look at a tenant: its rows as they are, the difference to the archive, and what stands in the
 * way. Use once, from one thread.
 */
final class Planning {

  private final Prepared prepared;
  private final Snapshot live;
  private final Session session;
  private final int number;
  private final Progress progress;
  private final Ownership ownership;
  private final FileSets sets;
  private final TenantKey key;
  private final KnownDangling known;
  private final List<String> notes = new ArrayList<>();
  private final Set<Ownership.Column> renewed = new HashSet<>();
  private KeptIds keptIds = KeptIds.NONE;
  private List<String> inThePart = List.of();

  /**
   * The part that is worked out on one snapshot.
   *
   * @param checks what others have to do with it, as long as the session is open
   * @param plan without files
   * @param archivedFiles the files that the archived rows name
   * @param files those that may be written
   * @param renamedFiles from the name of an archived file to those that rows have for it by now
   */
  record Rows(
      RowPlan planned,
      MergeChecks checks,
      RestorePlan plan,
      Set<String> archivedFiles,
      PartFiles files,
      Map<String, Set<String>> renamedFiles) {}

  /** Reads the schema, inside a transaction if one is under way. */
  Planning(Prepared prepared, Snapshot live, int number, Progress progress) throws SQLException {
    this.prepared = prepared;
    this.live = live;
    this.session = live.workbench();
    this.number = number;
    this.progress = progress;
    this.ownership = live.model().ownership();
    this.sets = FileSets.of(ownership);
    this.known = KnownDangling.of(prepared.archive());
    Optional<TenantKey> found = live.key(prepared.target());
    this.key = found.isPresent() ? found.get() : likeArchived();
  }

  private TenantKey likeArchived() throws SQLException {
    TenantKey like = Stage.archivedKey(session, ownership, prepared.archive().manifest());
    return TenantKey.like(prepared.target(), like.value());
  }

  /** Works the rows out. */
  Rows rows() throws SQLException {
    Optional<TenantKey> other = otherTenant();
    Stage stage =
        Stage.fill(
            live,
            prepared.engine().shaping(session),
            other.orElse(key),
            prepared.options().dropped(),
            progress);
    // Rules and new ids change rows that break a CHECK as they always did.
    session.set("ignore_check_constraints", stage.unchecked().isEmpty() ? 0 : 1);
    // As the archived rows name them, before rules take rows away.
    Set<String> archivedFiles = TenantFiles.named(session, Workbench.STAGE, sets);
    if (prepared.archive().outside()) {
      notes.add(
          "The archive came in from outside, neither signed nor known here: be sure who had it");
    }
    notes.addAll(stage.notes());
    notes.addAll(new StageRules(live, stage.tables()).apply());
    List<RowDiff> diffs = RowDiff.of(stage.tables());
    notes.addAll(
        KeptRows.setAside(
            live, other.orElse(key), diffs, other.isPresent(), prepared.archive().outside()));
    known.load(session);
    KnownToOthers.of(prepared.archive().toOthers()).load(session);
    RenamedFiles renaming = new RenamedFiles(session, sets, stage.tables());
    if (prepared.mayRemap()) {
      renaming.remember();
    }
    if (other.isPresent()) {
      intoTenant(other.get(), diffs);
    }
    Copied copied = copy(stage.tables());
    Part part =
        Part.bring(
            live, stage.tables(), prepared.archive(), prepared.options().part(), stage.unchecked());
    notes.addAll(part.notes());
    inThePart = part.conflicts();
    if (prepared.mayRemap()) {
      Remap remap = remap(stage.tables());
      remap.awayFromTakenIds();
      notes.addAll(remap.notes());
      renewed.addAll(remap.renewed());
      notes.addAll(new ReplacedValues(live, diffs).apply());
      renewed.addAll(columns(ownership.rules().replacements()));
    }
    keptIds = KeptIds.find(live, stage.tables(), renewed);
    for (RowDiff diff : diffs) {
      diff.compute(session);
    }
    MergeChecks checks = prepared.checks(live, diffs, key);
    checks.run();
    RowPlan planned =
        new RowPlan(
            copied.leaving(LeftBehind.find(live, diffs)),
            diffs,
            checks.actions().actions(),
            stage.unchecked(),
            checks.hasTakenValues());
    Map<String, Set<String>> renamed = prepared.mayRemap() ? renaming.read() : Map.of();
    PartFiles files = PartFiles.of(session, sets, part);
    return new Rows(planned, checks, plan(planned, checks), archivedFiles, files, renamed);
  }

  /** The key that the rows have in the archive, where they are to become another tenant's. */
  private Optional<TenantKey> otherTenant() throws SQLException {
    TenantId from = prepared.archive().manifest().tenant().orElseThrow();
    if (from.equals(prepared.target())) {
      return Optional.empty();
    }
    return Optional.of(
        TenantKey.find(session, Stage.ARCHIVE, ownership, from)
            .orElseGet(() -> TenantKey.of(from, key.value())));
  }

  private void intoTenant(TenantKey archived, List<RowDiff> diffs) throws SQLException {
    Remap remap = remap(diffs.stream().map(RowDiff::table).toList());
    remap.intoTenant(key, archived);
    notes.addAll(remap.notes());
    renewed.addAll(remap.renewed());
    FileKeys names = new FileKeys(live, sets);
    names.renew(diffs);
    renewed.addAll(columns(ownership.rules().fileKeys()));
    notes.addAll(names.notes());
  }

  private static List<Ownership.Column> columns(List<? extends RestoreRules.ColumnRule<?>> rules) {
    return rules.stream().map(rule -> new Ownership.Column(rule.table(), rule.column())).toList();
  }

  private Remap remap(List<Table> staged) throws SQLException {
    return new Remap(live, staged, known, number);
  }

  /** Reads the tenant's rows, in a transaction of its own if none is under way. */
  private Copied copy(List<Table> returning) throws SQLException {
    boolean isOurs = !live.isHeld();
    if (isOurs) {
      live.begin();
    }
    Copied copied = SnapshotTaker.copy(live, key, true, returning, progress);
    if (isOurs) {
      live.end();
    }
    live.verify(copied.copy(), returning);
    String what = "%s rows of table %s had lost the reference to their owner, and are taken back";
    copied.copy().abandoned().forEach((table, rows) -> notes.add(what.formatted(rows, table)));
    return copied;
  }

  private RestorePlan plan(RowPlan planned, MergeChecks checks) throws SQLException {
    List<RestorePlan.TableChange> changes = new ArrayList<>();
    List<Table> written = new ArrayList<>();
    for (RowDiff diff : planned.diffs()) {
      RestorePlan.TableChange counts = diff.counts(session);
      RowNames names = RowNames.of(live.model(), diff.table());
      int most = prepared.options().rowsPerTable();
      changes.add(counts.showing(RowSamples.of(session, diff, names, most)));
      if (!counts.isEmpty()) {
        written.add(diff.table());
      }
    }
    // What stands in the way of the part is not in the stage, and what would be said of that
    // follows.
    List<String> conflicts = new ArrayList<>(inThePart.isEmpty() ? checks.conflicts() : inThePart);
    conflicts.addAll(keptIds.conflicts());
    prepared
        .engine()
        .shaping(session)
        .lacking(written)
        .forEach(what -> conflicts.add("the connection lacks what the schema needs: " + what));
    List<String> all = new ArrayList<>(notes);
    all.addAll(planned.copied().edges().warnings());
    all.addAll(checks.notes());
    all.addAll(keptIds.notes());
    return new RestorePlan(
        prepared.target(),
        changes,
        RestorePlan.FileChange.NONE,
        checks.sideEffects(),
        conflicts,
        all,
        rebuild(written),
        prepared.options(),
        Optional.empty(),
        Optional.empty());
  }

  /** What others keep of the rows that are written, and no restore writes. */
  private List<String> rebuild(List<Table> written) throws SQLException {
    Set<String> rebuild = new LinkedHashSet<>();
    for (RestoreRules.Rebuild rule : ownership.rules().rebuilds()) {
      if (written.stream().anyMatch(table -> rule.tables().contains(table.name()))) {
        rebuild.add(rule.what());
      }
    }
    List<String> derived = live.model().schema().derived();
    List<String> byTriggers = prepared.engine().shaping(session).writtenByTriggers(written);
    List<List<String>> left = new ArrayList<>(List.of(ownership.shared(), ownership.ignored()));
    if (!prepared.options().part().isWhole()) {
      // What they keep in rows that were not chosen stays as it is: a count on a parent, say.
      left.add(ownership.owned().stream().map(OwnedTable::name).toList());
    }
    for (List<String> unrestored : left) {
      unrestored.stream()
          .filter(table -> byTriggers.stream().anyMatch(table::equalsIgnoreCase))
          // What triggers write to search indexes, they write during a restore too.
          .filter(table -> derived.stream().noneMatch(table::equalsIgnoreCase))
          .forEach(rebuild::add);
    }
    return List.copyOf(rebuild);
  }

  /**
   * Adds the files to the plan. They are read outside of the snapshot, which they are not part of.
   */
  Planned files(Rows rows) throws SQLException {
    Copied copied = rows.planned().copied();
    TenantFiles.Found found =
        TenantFiles.find(live, copied, Workbench.COPY, prepared.engine(), progress);
    FilePlan files =
        new FilePlanner(live, prepared.engine(), copied, prepared.archive(), prepared.target())
            .plan(rows.archivedFiles(), rows.files(), rows.renamedFiles(), found);
    return new Planned(
        prepared,
        number,
        rows.planned(),
        found.and(files.unnamed()),
        files,
        FileStamps.of(files),
        files.addTo(rows.plan()));
  }
}
