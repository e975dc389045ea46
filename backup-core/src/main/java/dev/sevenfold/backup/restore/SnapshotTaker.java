package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.UnknownTenant;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.rows.DeadEnds;
import dev.sevenfold.backup.rows.EdgeCheck;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TableDigests;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Copies one tenant out of one snapshot of the live database into a scratch database. */
public final class SnapshotTaker {

  private SnapshotTaker() {}

  /** Takes a tenant that exists. */
  public static TenantSnapshot take(Engine engine, TenantId tenant, Path file, Progress progress)
      throws SQLException {
    Copied copied;
    TenantFiles.Found files;
    try (Session workbench = engine.open()) {
      workbench.attach(Workbench.COPY, file);
      workbench.attachTemporary(Workbench.WORK);
      Snapshot live = engine.snapshot(workbench);
      live.begin();
      Optional<TenantKey> key = live.key(tenant);
      if (key.isEmpty()) {
        throw unknown(live, tenant);
      }
      copied = copy(live, key.get(), false, List.of(), progress);
      live.end();
      // The copy is ours, and nobody waits for it.
      live.verify(copied.copy(), List.of());
      files = TenantFiles.find(live, copied, Workbench.COPY, engine, progress).requireReadable();
    }
    return describe(engine, copied, file, files, progress);
  }

  private static BackupRefused unknown(LiveRows live, TenantId tenant) throws SQLException {
    Ownership ownership = live.model().ownership();
    Table table = live.model().root();
    List<String> column = List.of(ownership.keyColumn());
    live.bring(List.of(Question.lacking(table, column, "SELECT 1 WHERE 0")));
    return UnknownTenant.refusal(live.workbench(), live.schema(), ownership, tenant);
  }

  /**
   * Copies into {@link Workbench#COPY}, and looks at all that leads out of what was copied. After
   * it, {@link Snapshot#verify} makes sure of what was copied.
   *
   * @param restoring whether the copy is of what a restore replaces: garbage among the tenant's own
   *     rows must not keep it from being restored over
   * @param returning the tables of the rows that a restore brings back; none for a backup
   */
  static Copied copy(
      Snapshot live, TenantKey key, boolean restoring, List<Table> returning, Progress progress)
      throws SQLException {
    Copy copy = live.copy(key, returning, progress);
    try {
      return new Copied(copy, EdgeCheck.run(live, copy, restoring), List.of());
    } catch (BackupRefused e) {
      // What a damaged index has found leads to other tenants too, and that is the better reason.
      live.verify(copy, returning);
      throw e;
    }
  }

  /** Digests what was copied. */
  static TenantSnapshot describe(
      Engine engine, Copied copied, Path file, TenantFiles.Found files, Progress progress)
      throws SQLException {
    try (ScratchFile scratch = engine.scratch().open(file)) {
      return describe(scratch.session(), scratch.schema(), copied, file, files, progress);
    }
  }

  /**
   * Digests what was copied, where nobody but this session sees it, as its transaction goes on.
   *
   * @param schema the attached schema that is the copy
   */
  static TenantSnapshot describe(
      Session session,
      String schema,
      Copied copied,
      Path file,
      TenantFiles.Found files,
      Progress progress)
      throws SQLException {
    List<ArchiveManifest.Table> tables = new ArrayList<>();
    List<OwnedTable> owned = copied.ownership().owned();
    for (int i = 0; i < owned.size(); i++) {
      progress.report("digest", Progress.Unit.TABLES, i, owned.size());
      Table table = copied.schema().table(owned.get(i).name());
      TableDigests.Digest digest = TableDigests.of(session, schema, table);
      tables.add(
          new ArchiveManifest.Table(
              table.name(),
              digest.rows(),
              digest.digest(),
              table.definition(),
              table.indexes(),
              copied.edges().dangling().getOrDefault(table.name(), 0L),
              DeadEnds.from(table, copied.edges().deadEnds()),
              DeadEnds.to(table, copied.leftBehind()),
              Optional.of(DeadEnds.from(table, copied.edges().toOthers()))));
    }
    List<String> warnings = new ArrayList<>(copied.edges().warnings());
    warnings.addAll(files.warnings());
    return new TenantSnapshot(
        copied.key().tenant(),
        copied.copy().at(),
        new ArchiveManifest.Source(
            copied.copy().engine(),
            copied.copy().engineVersion(),
            copied.copy().schemaVersion(),
            fingerprint(tables)),
        file,
        tables,
        files.files(),
        files.missing(),
        warnings,
        files.unmounted(),
        Optional.empty(),
        Optional.empty());
  }

  private static String fingerprint(List<ArchiveManifest.Table> tables) {
    MessageDigest sha256 = Sha256.digest();
    for (ArchiveManifest.Table table : tables) {
      sha256.update((table.definition() + '\0').getBytes(StandardCharsets.UTF_8));
      table.indexes().forEach(i -> sha256.update((i + '\0').getBytes(StandardCharsets.UTF_8)));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
