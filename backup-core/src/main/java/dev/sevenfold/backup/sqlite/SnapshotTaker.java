package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.BackupRefused;
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
import java.util.OptionalLong;

/** Copies one tenant out of one snapshot of the live database into a scratch database. */
final class SnapshotTaker {

  static final String LIVE = "main";
  static final String COPY = "sevenfold_copy";
  static final String WORK = "sevenfold_work";

  /** What was read inside the snapshot. */
  record Copied(
      TenantKey key,
      Instant capturedAt,
      Ownership ownership,
      SqliteSchema schema,
      EdgeCheck.Result edges,
      String engineVersion,
      long schemaVersion) {}

  private final SqliteDatabase database;
  private final Clock clock;

  SnapshotTaker(SqliteDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The instant of a snapshot that is taken now, as archives keep it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Takes a tenant that exists. */
  TenantSnapshot take(TenantId tenant, Path file, Progress progress) throws SQLException {
    Copied copied;
    TenantFiles.Found files;
    try (Session session = database.open()) {
      // Rows are copied as they are, those that a check added later would forbid too.
      session.set("ignore_check_constraints", 1);
      session.attach(COPY, file);
      session.attachTemporary(WORK);
      session.begin();
      // The first read decides on the snapshot: what is committed later is not in it.
      SqliteSchema schema = SchemaReader.read(session, LIVE);
      Instant capturedAt = now();
      Ownership ownership = database.resolve(schema);
      TenantKey key =
          TenantKey.find(session, LIVE, ownership, tenant)
              .orElseThrow(() -> unknown(tenant, ownership));
      OwnedRows rows = OwnedRows.find(session, LIVE, WORK, ownership, schema, key);
      copied = copy(session, schema, ownership, rows, key, capturedAt, progress);
      session.commit();
      files =
          TenantFiles.find(session, COPY, FileSets.of(ownership), database.files(), progress)
              .requireReadable();
    }
    return describe(copied, file, files, progress);
  }

  private static BackupRefused unknown(TenantId tenant, Ownership ownership) {
    return new BackupRefused(
        "There is no tenant " + tenant + " in table " + ownership.root().name(),
        List.of(),
        "Check the id; the key column is " + ownership.keyColumn());
  }

  /** Copies inside a transaction that is under way, into the attached schema {@link #COPY}. */
  static Copied copy(
      Session session,
      SqliteSchema schema,
      Ownership ownership,
      OwnedRows rows,
      TenantKey key,
      Instant capturedAt,
      Progress progress)
      throws SQLException {
    EdgeCheck.Result edges = EdgeCheck.run(session, LIVE, ownership, schema, rows, key.tenant());
    new TableCopier(session).copy(ownership, schema, rows, COPY, "extract", progress);
    return new Copied(
        key,
        capturedAt,
        ownership,
        schema,
        edges,
        session.queryText("SELECT sqlite_version()"),
        session.queryLong("PRAGMA user_version"));
  }

  /** Digests what was copied. */
  TenantSnapshot describe(Copied copied, Path file, TenantFiles.Found files, Progress progress)
      throws SQLException {
    try (ScratchFile scratch = database.open(file)) {
      List<ArchiveManifest.Table> tables = new ArrayList<>();
      List<OwnedTable> owned = copied.ownership().owned();
      for (int i = 0; i < owned.size(); i++) {
        progress.report("digest", Progress.Unit.TABLES, i, owned.size());
        SqliteTable table = copied.schema().table(owned.get(i).name());
        TableDigests.Digest digest = TableDigests.of(scratch.session(), scratch.schema(), table);
        tables.add(
            new ArchiveManifest.Table(
                table.name(),
                digest.rows(),
                digest.digest(),
                table.definition(),
                table.indexes(),
                copied.edges().dangling().getOrDefault(table.name(), 0L)));
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
          warnings);
    }
  }

  private static String fingerprint(List<ArchiveManifest.Table> tables) {
    MessageDigest sha256 = LiveFiles.sha256();
    for (ArchiveManifest.Table table : tables) {
      sha256.update((table.definition() + '\0').getBytes(StandardCharsets.UTF_8));
      table.indexes().forEach(i -> sha256.update((i + '\0').getBytes(StandardCharsets.UTF_8)));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
