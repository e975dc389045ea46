package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.Stage;
import dev.sevenfold.backup.stage.WrittenRows;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A restore whose archive was brought to the schema of today. Each look at the tenant makes a plan
 * of it, with scratch databases of its own. Immutable.
 *
 * @param archived the rows of the archive, migrated
 * @param scratch a folder of the caller
 */
public record Prepared(
    Engine engine,
    StagedTenant archive,
    Path archived,
    TenantId target,
    RestoreOptions options,
    Path scratch) {

  public static Prepared of(
      Engine engine, StagedTenant archive, TenantId target, RestoreOptions options, Path scratch)
      throws SQLException {
    boolean takesBack = options.part().takesBack();
    boolean isWhole = takesBack && !WrittenRows.isIn(archive);
    if (takesBack && !isWhole && options.collisions() == RestoreOptions.Collisions.REMAP) {
      throw new RestoreRefused(
          "The last restore of tenant " + target + " was one of a part",
          List.of(),
          "Nothing was changed; take it back without new ids, under the ids that its rows have");
    }
    Path archived = engine.migrated(archive, scratch);
    return new Prepared(
        engine,
        archive,
        archived,
        target,
        isWhole ? options.with(RestoreOptions.Part.WHOLE) : options,
        scratch);
  }

  /** Works out what it takes, and changes nothing. */
  public PlannedRestore plan(Progress progress) throws SQLException {
    return plan(0, progress);
  }

  Planned plan(int number, Progress progress) throws SQLException {
    try (Session session = open(number, engine.open())) {
      // With a rollback journal writers wait for whoever reads: there, only the tenant's rows are
      // read in one transaction. What is planned is looked at again before it is executed.
      Snapshot live = engine.snapshot(session);
      boolean oneSnapshot = !live.stopsWriters();
      if (oneSnapshot) {
        live.begin();
      }
      Planning planning = new Planning(this, live, number, progress);
      Planning.Rows rows = planning.rows();
      if (oneSnapshot) {
        live.end();
      }
      Planned planned = planning.files(rows);
      Interrupts.check("The restore");
      return planned;
    }
  }

  /** The session has everything attached that a plan and its stage may need. */
  Session open(int number, Session session) throws SQLException {
    try {
      attach(session, number);
      requireSameEncoding(session);
      session.attach(Stage.ARCHIVE, archived);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Attaches the scratch databases of a plan; before any transaction. */
  void attach(Session session, int number) throws SQLException {
    session.attach(Workbench.COPY, file("before", number));
    session.attach(Workbench.STAGE, file("stage", number));
    session.attach(Workbench.PLAN, file("plan", number));
    session.attachTemporary(Workbench.WORK);
  }

  Path beforeFile(int number) {
    return file("before", number);
  }

  Path stageFile(int number) {
    return file("stage", number);
  }

  private Path file(String name, int number) {
    return scratch.resolve(name + "-" + number + ".sqlite3");
  }

  /** SQLite attaches no other, and texts of another would not be the archived ones. */
  private void requireSameEncoding(Session session) throws SQLException {
    String now = session.queryText("PRAGMA encoding");
    String then;
    try (Session staged = Session.scratch(archived)) {
      then = staged.queryText("PRAGMA encoding");
    }
    if (!now.equals(then)) {
      throw new RestoreRefused(
          "The archive's texts are " + then + ", and the live database's are " + now,
          List.of(),
          "Restore into a database that was made with PRAGMA encoding = '" + then + "'");
    }
  }

  /** What holds a difference against everybody else's rows. */
  MergeChecks checks(LiveRows live, List<RowDiff> diffs, TenantKey key) throws SQLException {
    return new MergeChecks(live, diffs, key, archive, options);
  }

  boolean mayRemap() {
    return options.collisions() == RestoreOptions.Collisions.REMAP;
  }
}
