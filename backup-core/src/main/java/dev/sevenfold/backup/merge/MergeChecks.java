package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.RestorePlan.SideEffect;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.tenant.Ownership;
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

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Map<String, RowDiff> diffs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final KnownDangling known;
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ForeignKeyActions actions;
  private final OwnerChecks owners;
  private final TakenValues taken;
  private final String rootAdvice;

  public MergeChecks(
      Session session,
      Ownership ownership,
      SqliteSchema schema,
      List<RowDiff> diffs,
      TenantKey key,
      ArchiveManifest manifest) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    diffs.forEach(diff -> this.diffs.put(diff.table().name(), diff));
    this.known = KnownDangling.of(manifest);
    this.actions = new ForeignKeyActions(session, ownership, schema, this.diffs, known);
    this.owners = new OwnerChecks(session, ownership, schema, key, this.diffs);
    this.taken = new TakenValues(session, ownership, schema, actions);
    this.rootAdvice =
        manifest.tenant().equals(Optional.of(key.tenant()))
            ? ""
            : "; make tenant " + key.tenant() + " first, with values of its own";
  }

  /** Runs every check once. */
  public void run() throws SQLException {
    owners.keepWhatOthersOwn();
    actions.plan();
    owners.judge(actions);
    for (RowDiff diff : diffs.values()) {
      boolean isRoot = diff.table().name().equals(ownership.root().name());
      taken.find(diff, isRoot ? rootAdvice : "");
    }
    obstacles.addAll(taken.obstacles());
    obstacles.addAll(actions.obstacles());
    obstacles.addAll(owners.obstacles());
    notes.addAll(owners.notes());
    DanglingCheck dangling = new DanglingCheck(session, ownership, schema, diffs, actions, known);
    dangling.run();
    obstacles.addAll(dangling.obstacles());
    notes.addAll(actions.notes());
    notes.addAll(dangling.notes());
  }

  /** Whether an id or a unique value of a restored row belongs to another row by now. */
  public boolean hasTakenValues() {
    return !taken.obstacles().isEmpty();
  }

  public List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  public List<SideEffect> sideEffects() throws SQLException {
    return actions.sideEffects();
  }

  ForeignKeyActions actions() {
    return actions;
  }

  OwnerChecks owners() {
    return owners;
  }

  /** The tables that are written to, in lower case. */
  Set<String> written() throws SQLException {
    Set<String> written = new TreeSet<>();
    for (RowDiff diff : diffs.values()) {
      if (!diff.counts(session).isEmpty()) {
        written.add(diff.table().name().toLowerCase(Locale.ROOT));
      }
    }
    actions.tables().forEach(table -> written.add(table.toLowerCase(Locale.ROOT)));
    return written;
  }
}
