package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.rows.CopyCheck;
import dev.sevenfold.backup.rows.DeadEnds;
import dev.sevenfold.backup.rows.EdgeCheck;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.TableCopier;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.ScratchFile;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteDatabase;
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
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Copies one tenant out of one snapshot of the live database into a scratch database. */
public final class SnapshotTaker {

  private final SqliteDatabase database;
  private final Clock clock;

  public SnapshotTaker(SqliteDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The instant of a snapshot that is taken now, as archives keep it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Takes a tenant that exists. */
  public TenantSnapshot take(TenantId tenant, Path file, Progress progress) throws SQLException {
    Copied copied;
    TenantFiles.Found files;
    try (Session session = database.open()) {
      // Rows are copied as they are, those that a check added later would forbid too.
      session.set("ignore_check_constraints", 1);
      session.attach(Workbench.COPY, file);
      session.attachTemporary(Workbench.WORK);
      session.begin();
      // The first read decides on the snapshot: what is committed later is not in it.
      SqliteSchema schema = SchemaReader.read(session, Workbench.LIVE);
      Instant capturedAt = now();
      Ownership ownership = database.resolve(schema);
      Optional<TenantKey> found = TenantKey.find(session, Workbench.LIVE, ownership, tenant);
      if (found.isEmpty()) {
        throw unknown(session, tenant, ownership);
      }
      TenantKey key = found.get();
      OwnedRows rows =
          OwnedRows.find(session, Workbench.LIVE, Workbench.WORK, ownership, schema, key);
      copied = copy(session, schema, ownership, rows, key, capturedAt, List.of(), progress);
      session.commit();
      // The copy is ours, and nobody waits for it.
      CopyCheck.require(session, ownership, schema, key, List.of());
      files =
          TenantFiles.find(session, copied, Workbench.COPY, database, progress).requireReadable();
    }
    return describe(copied, file, files, progress);
  }

  private static BackupRefused unknown(Session session, TenantId tenant, Ownership ownership)
      throws SQLException {
    String key = Sql.name(ownership.keyColumn());
    boolean ofBytes =
        session.queryLong(
                "SELECT EXISTS (SELECT 1 FROM "
                    + Sql.name(Workbench.LIVE, ownership.root().name())
                    + " WHERE typeof("
                    + key
                    + ") = 'blob')")
            != 0;
    return new BackupRefused(
        "There is no tenant " + tenant + " in table " + ownership.root().name(),
        List.of(),
        "Check the id; the key column is "
            + ownership.keyColumn()
            + (ofBytes ? ", and a key of bytes is written in lower-case hexadecimal: 00ff" : ""));
  }

  /**
   * Copies inside a transaction that is under way, into the attached schema {@link Workbench#COPY}.
   * After it, {@link CopyCheck} makes sure of what was copied.
   *
   * @param returning the tables of the rows that a restore brings back; none for a backup
   */
  public static Copied copy(
      Session session,
      SqliteSchema schema,
      Ownership ownership,
      OwnedRows rows,
      TenantKey key,
      Instant capturedAt,
      List<SqliteTable> returning,
      Progress progress)
      throws SQLException {
    new TableCopier(session)
        .copy(ownership, schema, rows, key, Workbench.COPY, "extract", progress);
    EdgeCheck.Result edges;
    try {
      edges = EdgeCheck.run(session, Workbench.LIVE, ownership, schema, rows, key);
    } catch (BackupRefused e) {
      // What a damaged index has found leads to other tenants too, and that is the better reason.
      CopyCheck.require(session, ownership, schema, key, returning);
      throw e;
    }
    return new Copied(
        key,
        capturedAt,
        ownership,
        schema,
        edges,
        session.queryText("SELECT sqlite_version()"),
        session.queryLong("PRAGMA user_version"),
        List.of());
  }

  /** Digests what was copied. */
  public TenantSnapshot describe(
      Copied copied, Path file, TenantFiles.Found files, Progress progress) throws SQLException {
    try (ScratchFile scratch = database.open(file)) {
      return describe(scratch.session(), scratch.schema(), copied, file, files, progress);
    }
  }

  /**
   * Digests what was copied, where nobody but this session sees it, as its transaction goes on.
   *
   * @param schema the attached schema that is the copy
   */
  public static TenantSnapshot describe(
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
      SqliteTable table = copied.schema().table(owned.get(i).name());
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
              DeadEnds.to(table, copied.leftBehind())));
    }
    List<String> warnings = new ArrayList<>(copied.edges().warnings());
    warnings.addAll(files.warnings());
    return new TenantSnapshot(
        copied.key().tenant(),
        copied.capturedAt(),
        new ArchiveManifest.Source(
            "sqlite",
            copied.engineVersion(),
            OptionalLong.of(copied.schemaVersion()),
            fingerprint(tables)),
        file,
        tables,
        files.files(),
        files.missing(),
        warnings,
        files.unmounted(),
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
