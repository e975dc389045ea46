package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TableDigests;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * An archive of tenant 1 of a {@link Lab} that somebody has taken apart and put together again: the
 * file is a sound archive, with the right digests, of a database that nobody made in good faith.
 */
final class ForgedArchive {

  private final Path folder;
  private final Map<String, Path> files = new TreeMap<>();
  private ArchiveManifest manifest;

  private ForgedArchive(Path folder, ArchiveManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  static ForgedArchive of(Lab lab, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path contents = Files.createDirectory(folder.resolve("contents"));
    try (BackupService service = lab.service();
        InputStream in = service.open(lab.backup(1))) {
      ArchiveManifest manifest =
          ArchiveReader.withDefaults().extract(in, contents, bytes -> {}).manifest();
      ForgedArchive forged = new ForgedArchive(folder, manifest);
      manifest
          .entries()
          .forEach(entry -> forged.files.put(entry.name(), contents.resolve(entry.name())));
      return forged;
    }
  }

  Path database() {
    return folder.resolve("contents").resolve(ArchiveManifest.TENANT_DATABASE);
  }

  /** Changes the database, the schema table too. */
  ForgedArchive sql(String... statements) throws SQLException {
    for (String sql : statements) {
      // One connection each, so that the schema is read as the one before has left it.
      try (Session session = Session.scratch(database())) {
        session.execute("PRAGMA writable_schema = ON");
        session.execute(sql);
      }
    }
    return this;
  }

  /** Overwrites bytes of the database. */
  ForgedArchive bytes(UnaryOperator<byte[]> change) throws IOException {
    Files.write(database(), change.apply(Files.readAllBytes(database())));
    return this;
  }

  /** Adds an entry. */
  ForgedArchive entry(String name, byte[] content) throws IOException {
    files.put(name, Files.write(folder.resolve("added-" + files.size()), content));
    return this;
  }

  /** Makes the manifest say what the tables hold. */
  ForgedArchive honestTables() throws SQLException {
    List<ArchiveManifest.Table> tables = new ArrayList<>();
    try (Session session = Session.scratch(database())) {
      for (Table table : SchemaReader.read(session, Session.MAIN).tables()) {
        TableDigests.Digest digest = TableDigests.of(session, Session.MAIN, table);
        tables.add(table(table.name(), digest.rows(), digest.digest(), table.definition()));
      }
    }
    return tables(tables);
  }

  /** A table as a manifest without indexes and dangling references has it. */
  static ArchiveManifest.Table table(String name, long rows, String digest, String definition) {
    return new ArchiveManifest.Table(
        name, rows, digest, definition, List.of(), 0, List.of(), List.of(), Optional.empty());
  }

  /** Makes the manifest say something else about each table. */
  ForgedArchive tables(UnaryOperator<ArchiveManifest.Table> lie) {
    return tables(manifest.tables().stream().map(lie).toList());
  }

  ForgedArchive tables(List<ArchiveManifest.Table> tables) {
    manifest = with(manifest.tenant(), tables, manifest.entries());
    return this;
  }

  ForgedArchive tenant(TenantId tenant) {
    manifest = with(Optional.of(tenant), manifest.tables(), manifest.entries());
    return this;
  }

  private ArchiveManifest with(
      Optional<TenantId> tenant,
      List<ArchiveManifest.Table> tables,
      List<ArchiveManifest.Entry> entries) {
    return new ArchiveManifest(
        manifest.kind(),
        manifest.purpose(),
        tenant,
        manifest.capturedAt(),
        manifest.source(),
        manifest.libraryVersion(),
        tables,
        entries,
        manifest.missing());
  }

  /** The archive in the lab's store, as what was sent in and nobody knows. */
  Label sentTo(Lab lab, String label) throws IOException {
    Path file = write();
    return lab.store().publish(Label.parse(label), out -> Files.copy(file, out)).label();
  }

  /** The archive, with the right digest of every entry. */
  Path write() throws IOException {
    List<ArchiveManifest.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      byte[] content = Files.readAllBytes(file.getValue());
      String digest = HexFormat.of().formatHex(Sha256.digest().digest(content));
      entries.add(new ArchiveManifest.Entry(file.getKey(), content.length, digest));
    }
    Path archive = folder.resolve("forged.tar.gz");
    try (OutputStream out = Files.newOutputStream(archive)) {
      ArchiveWriter.withDefaults()
          .write(
              with(manifest.tenant(), manifest.tables(), entries),
              name -> Files.newInputStream(files.getOrDefault(name, folder)),
              out,
              bytes -> {});
    }
    return archive;
  }
}
