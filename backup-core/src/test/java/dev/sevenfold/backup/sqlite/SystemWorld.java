package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.SystemTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A small system for tests: two databases in WAL mode, a cache and a tree of uploads. Every part
 * tells the generation that it is of, so that a mixture of two is found out.
 */
final class SystemWorld {

  private static final int FILES = 5;

  private final Path folder;

  SystemWorld(Path folder) {
    this.folder = folder;
  }

  /** Makes a system, all of one generation. */
  static SystemWorld create(Path folder, int generation) throws IOException, SQLException {
    SystemWorld world = new SystemWorld(Files.createDirectories(folder));
    for (Path database : List.of(world.primary(), world.queue(), world.cache())) {
      Files.createDirectories(database.getParent());
      execute(
          database,
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE state (generation INTEGER)",
          "INSERT INTO state VALUES (" + generation + ")",
          "CREATE TABLE padding (content)",
          "INSERT INTO padding VALUES (randomblob(20000))");
    }
    for (int i = 0; i < FILES; i++) {
      Path file = world.uploads().resolve("a" + i).resolve("b").resolve("file");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "generation " + generation);
    }
    return world;
  }

  static void execute(Path database, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String query(Path database, String sql) throws SQLException {
    try (Session session = Session.scratch(database)) {
      return session.query(sql, row -> row.getString(1)).get(0);
    }
  }

  Path folder() {
    return folder;
  }

  Path primary() {
    return folder.resolve("production.sqlite3");
  }

  Path queue() {
    return folder.resolve("db").resolve("queue.sqlite3");
  }

  Path cache() {
    return folder.resolve("production_cache.sqlite3");
  }

  Path uploads() {
    return folder.resolve("uploads");
  }

  SqliteSystemSource.Builder parts() {
    return SqliteSystemSource.builder()
        .database("primary", primary())
        .database("queue", queue())
        .rebuilt("cache", cache());
  }

  SqliteSystemSource source() {
    return parts().tree("uploads", uploads()).build();
  }

  /** The one generation of all parts; fails if they are of several. */
  String generation() throws IOException, SQLException {
    TreeSet<String> generations = new TreeSet<>();
    for (Path database : List.of(primary(), queue())) {
      generations.add(query(database, "SELECT generation FROM state"));
      if (!query(database, "PRAGMA integrity_check").equals("ok")) {
        generations.add("damaged " + database);
      }
    }
    try (Stream<Path> files = Files.walk(uploads())) {
      // On a mount of its own, a restore works in it.
      List<Path> uploaded =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().contains(".sevenfold-"))
              .toList();
      for (Path file : uploaded) {
        generations.add(Files.readString(file).replace("generation ", ""));
      }
      if (uploaded.size() != FILES) {
        generations.add(uploaded.size() + " files");
      }
    }
    return String.join(", ", generations);
  }

  /** Backs a system up into a new archive. */
  static Path archive(SystemSource source, Path folder) throws IOException {
    Path scratch = Files.createTempDirectory(folder, "scratch");
    return archive(source.snapshot(scratch, Progress.none()), folder);
  }

  static Path archive(SystemSnapshot snapshot, Path folder) throws IOException {
    Path archive = Files.createTempFile(folder, "system", ".tar.gz");
    try (OutputStream out = Files.newOutputStream(archive)) {
      ArchiveWriter.withDefaults()
          .write(snapshot.manifest(Purpose.BACKUP, "test"), snapshot::open, out, bytes -> {});
    }
    return archive;
  }

  static StagedSystem stage(Path archive, Path folder) throws IOException {
    Path staged = Files.createTempDirectory(folder, "staged");
    return new StagedSystem(staged, extract(archive, staged));
  }

  static ArchiveManifest manifest(Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return ArchiveReader.withDefaults().readHead(in).manifest();
    }
  }

  static ArchiveManifest extract(Path archive, Path folder) throws IOException {
    return extract(archive, EntryPlaces.in(folder));
  }

  static ArchiveManifest extract(Path archive, EntryPlaces places) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return ArchiveReader.withDefaults().extract(in, places, bytes -> {}).manifest();
    }
  }

  /** Restores an archive, all of the way. */
  static RestoredSystem restore(SystemTarget target, Path archive) throws IOException {
    return restore(target, archive, List.of());
  }

  /** As the other one, by somebody who knows where backups themselves live. */
  static RestoredSystem restore(SystemTarget target, Path archive, List<OwnPlace> own)
      throws IOException {
    try (SystemRestore restore = target.prepare(manifest(archive), own)) {
      extract(archive, restore.places());
      return restore.apply(Progress.none());
    }
  }
}
