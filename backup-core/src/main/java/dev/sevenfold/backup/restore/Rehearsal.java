package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Shaping;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.Stage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The part of a restore that comes before any row of a tenant is looked at: the archive is migrated
 * and brought into the shape of today, with the connections that a restore has.
 */
public final class Rehearsal {

  private final Engine engine;
  private final StagedTenant archive;
  private final Path scratch;

  public Rehearsal(Engine engine, StagedTenant archive, Path scratch) {
    this.engine = engine;
    this.archive = archive;
    this.scratch = scratch;
  }

  /** Why a restore would be refused; empty if nothing is known of. */
  public List<String> run(Progress progress) throws SQLException {
    try {
      return stage(engine.migrated(archive, scratch), progress);
    } catch (RestoreRefused e) {
      return refusals(e.reasons().isEmpty() ? List.of(e.what()) : e.reasons());
    } catch (BackupRefused | InvalidTenantModel e) {
      return refusals(List.of(e.what()));
    } catch (SQLException e) {
      if (SqliteErrors.isMissing(e)) {
        return refusals(List.of(SqliteErrors.missing(e)));
      }
      if (SqliteErrors.isOfAnotherEncoding(e)) {
        return refusals(List.of("its texts are encoded otherwise than those of the live database"));
      }
      throw e;
    }
  }

  private List<String> stage(Path archived, Progress progress) throws SQLException {
    try (Session session = engine.open()) {
      session.attach(Workbench.STAGE, scratch.resolve("stage.sqlite3"));
      session.attach(Workbench.PLAN, scratch.resolve("plan.sqlite3"));
      session.attach(Stage.ARCHIVE, archived);
      LiveRows live = engine.snapshot(session);
      Shaping shaping = engine.shaping(session);
      List<String> missing = shaping.lacking(live.model().owned());
      if (missing.isEmpty()) {
        TenantKey key = Stage.archivedKey(session, live.model().ownership(), archive.manifest());
        Stage.fill(live, shaping, key, RestoreOptions.Dropped.REFUSE, progress);
      }
      return refusals(missing);
    }
  }

  private static List<String> refusals(List<String> reasons) {
    return reasons.stream()
        .map(reason -> "A restore would be refused as things are: " + reason)
        .toList();
  }
}
