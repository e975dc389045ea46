package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.KnownDangling;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the difference against everybody else's rows: ids and unique values that were taken since,
 * rows of others that point at rows which would go, and references of restored rows that would lead
 * nowhere. Run for the plan, and anew under the write lock.
 */
public final class MergeChecks {

  private final LiveRows live;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final KnownDangling known;
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ForeignKeyActions actions;
  private final OwnerChecks owners;
  private final TakenValues taken;
  private final StagedTenant archive;
  private final ReferencesToOthers toOthers;
  private final RestoreOptions.ToOthers consent;
  private final String rootAdvice;

  public MergeChecks(
      LiveRows live,
      List<RowDiff> diffs,
      TenantKey key,
      StagedTenant archive,
      RestoreOptions options)
      throws SQLException {
    this.live = live;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
    this.known = KnownDangling.of(archive);
    this.actions = new ForeignKeyActions(live, this.diffs, known);
    this.owners =
        new OwnerChecks(
            live,
            key,
            this.diffs,
            options.collisions() == RestoreOptions.Collisions.REMAP,
            !archive.outside() && archive.manifest().purpose() == ArchiveManifest.Purpose.SAFETY);
    this.taken = new TakenValues(live, actions);
    this.archive = archive;
    this.toOthers = new ReferencesToOthers(live, key, this.diffs, archive.toOthers());
    this.consent = options.toOthers();
    this.rootAdvice =
        archive.manifest().tenant().equals(Optional.of(key.tenant()))
            ? ""
            : "; make tenant " + key.tenant() + " first, with values of its own";
  }

  /** Runs every check once. */
  public void run() throws SQLException {
    owners.keepWhatOthersOwn();
    actions.plan();
    owners.judge(actions);
    live.bring(TakenValues.questions(diffs.values()));
    String root = live.model().ownership().root().name();
    for (RowDiff diff : diffs.values()) {
      taken.find(diff, diff.table().name().equals(root) ? rootAdvice : "");
    }
    conflicts.addAll(taken.conflicts());
    conflicts.addAll(NumbersLeft.conflicts(live, diffs.values(), archive.outside()));
    conflicts.addAll(actions.conflicts());
    conflicts.addAll(owners.conflicts());
    notes.addAll(owners.notes());
    if (archive.outside()) {
      judgeReferences();
    }
    DanglingCheck dangling = new DanglingCheck(live, diffs, actions, known);
    dangling.run();
    conflicts.addAll(dangling.conflicts());
    notes.addAll(actions.notes());
    notes.addAll(dangling.notes());
  }

  private void judgeReferences() throws SQLException {
    if (consent == RestoreOptions.ToOthers.ACCEPT) {
      toOthers.find().forEach(found -> notes.add(found + ", as was consented to"));
    } else {
      toOthers.find().forEach(found -> conflicts.add(found + ReferencesToOthers.ADVICE));
    }
  }

  /** Whether an id or a unique value of a restored row belongs to another row by now. */
  public boolean hasTakenValues() {
    return !taken.conflicts().isEmpty();
  }

  public List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  public List<SideEffect> sideEffects() throws SQLException {
    return actions.sideEffects();
  }

  public ForeignKeyActions actions() {
    return actions;
  }

  /**
   * What is to be written, if nothing stands in the way.
   *
   * @param unchecked tables whose archived rows break a CHECK, and are restored all the same
   */
  public Writes writes(Set<String> unchecked) throws SQLException {
    Set<String> tables = new TreeSet<>();
    for (RowDiff diff : diffs.values()) {
      if (diff.isWritten(live.workbench())) {
        tables.add(diff.table().name().toLowerCase(Locale.ROOT));
      }
    }
    actions.tables().forEach(table -> tables.add(table.toLowerCase(Locale.ROOT)));
    return new Writes(List.copyOf(diffs.values()), actions.actions(), tables, unchecked);
  }

  /**
   * What a backup would refuse afterwards is refused now, inside the transaction.
   *
   * @param inserted selects the keys of inserted rows where they are not those of the stage
   */
  public void proveOwners(Map<String, String> inserted) throws SQLException {
    List<String> others = owners.foundAfterwards(actions.actions(), inserted);
    if (!others.isEmpty()) {
      throw new RestoreRefused(
          "After the merge, rows that were written lead to another tenant",
          others,
          "Everything was rolled back; please report this with the definitions of these tables");
    }
  }
}
