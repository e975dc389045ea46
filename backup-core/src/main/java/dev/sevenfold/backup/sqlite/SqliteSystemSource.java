package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.scratch.DatabaseContent;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.system.Excluded;
import dev.sevenfold.backup.system.SnapshotContents;
import dev.sevenfold.backup.system.SystemLocks;
import dev.sevenfold.backup.system.SystemParts;
import dev.sevenfold.backup.system.SystemParts.Part;
import dev.sevenfold.backup.system.TreeGuard;
import dev.sevenfold.backup.system.TreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A system of SQLite databases and file trees. Thread-safe.
 *
 * <pre>{@code
 * SystemSource source =
 *     SqliteSystemSource.builder()
 *         .database("primary", Path.of("/srv/app/storage/production.sqlite3"))
 *         .tree("uploads", Path.of("/srv/app/storage/uploads"))
 *         .rebuilt("cache", Path.of("/srv/app/storage/production_cache.sqlite3"))
 *         .build();
 * }</pre>
 *
 * <p>In WAL mode writers go on while a database is copied, and the WAL grows by what they write
 * meanwhile. With a rollback journal they wait.
 *
 * <p>A tree may be the folder that the databases are in: they, what SQLite keeps beside them, and
 * what Sevenfold does, are left out of it. So are the {@linkplain OwnPlace places} that backups
 * themselves live in, with a warning; a database among them is copied as one. Another database in
 * it that is in use stops the backup, since it cannot be copied as a file.
 *
 * <p>Of a tree are kept: files with content, mode and time, folders with mode and time, symbolic
 * links to something in the same tree. Left out and reported, each by its name: other links, pipes,
 * sockets, devices, what has a name that is not text, and what was deleted while the tree was read.
 * What this process may not read refuses the backup by name, unless it is {@linkplain
 * Builder#exclude excluded}. A file that is written to meanwhile is kept as long as it was when it
 * was opened, or as one reading found it, and is reported.
 *
 * <p>Owners, access control lists, extended attributes, and that two names are one file are not
 * kept.
 */
public final class SqliteSystemSource implements SystemSource {

  private static final String DEFINITIONS =
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";

  private final SystemParts parts;
  private final Duration busyTimeout;
  private final Clock clock;
  private final ConnectionCustomizer customizer;
  private final Excluded excluded;

  private SqliteSystemSource(Builder builder) {
    this.parts = new SystemParts(builder.parts);
    // A place that no archive could name is to be refused now, and not by night.
    parts.places();
    this.busyTimeout = builder.busyTimeout;
    this.clock = builder.clock;
    this.customizer = builder.customizer;
    this.excluded = builder.excluded;
  }

  /** A system without any part yet. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String describe() {
    return "SQLite system of " + parts;
  }

  @Override
  public SystemSource.Lock lock() {
    return SystemLocks.acquire(parts.of(Role.DATABASE));
  }

  @Override
  public SystemSnapshot snapshot(Path scratch, Progress progress) {
    return snapshot(scratch, List.of(), progress);
  }

  @Override
  public SystemSnapshot snapshot(Path scratch, List<OwnPlace> own, Progress progress) {
    Objects.requireNonNull(progress, "progress");
    try {
      OwnPlaces ours = OwnPlaces.of(own);
      SystemParts all = parts.with(ours);
      List<SystemPlace> places = parts.placesOf(all);
      TreeGuard guard = TreeGuard.of(all, ours, excluded);
      SnapshotContents contents = new SnapshotContents(guard);
      Path copies = Files.createDirectories(scratch.resolve("databases"));
      Instant capturedAt = copyDatabases(all.of(Role.DATABASE), copies, progress);
      SnapshotContents.Parts found = new SnapshotContents.Parts();
      List<SystemPlace> databases = of(places, Role.DATABASE);
      for (SystemPlace place : databases) {
        found.entries().add(entry(place, copies, contents));
      }
      Path held = Files.createDirectories(scratch.resolve("links"));
      TreeReader trees = new TreeReader(guard, held, contents, found, progress);
      for (int i = 0; i < parts.of(Role.TREE).size(); i++) {
        trees.read(parts.of(Role.TREE).get(i), of(places, Role.TREE).get(i).treePrefix());
      }
      for (int i = 0; i < parts.of(Role.DATABASE).size(); i++) {
        look(parts.of(Role.DATABASE).get(i), databases.get(i), copies, found);
      }
      return new SystemSnapshot(
          capturedAt,
          origin(copies, databases),
          places,
          found.entries(),
          found.folders(),
          found.links(),
          found.missing(),
          found.warnings(),
          contents,
          found.unmounted());
    } catch (IOException e) {
      throw new OperationFailed(
          "The snapshot failed in %s: %s".formatted(scratch, Printable.reasonWithFile(e)),
          "Check the space and the permissions there, then back up again",
          e);
    }
  }

  /** Notes what a database means for a backup that holds nothing. */
  private static void look(
      Part part, SystemPlace place, Path copies, SnapshotContents.Parts found) {
    DatabaseContent content = DatabaseContent.of(copies.resolve(place.name()));
    if (content == DatabaseContent.ROWS) {
      return;
    }
    boolean empty = content == DatabaseContent.NO_TABLE;
    String lack = part + (empty ? ", has no table" : ", has no row in any table");
    found.missing().add(place.entryName());
    found.warnings().add("The " + lack);
    if (empty) {
      found.unmounted().put(place.entryName(), "the " + lack);
    }
  }

  private Instant copyDatabases(List<Part> databases, Path folder, Progress progress) {
    try (DatabaseCopies copies = DatabaseCopies.begin(databases, busyTimeout)) {
      // The instant of all copies: now, once everything has begun.
      Instant capturedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      for (Part database : databases) {
        copies.copy(database, folder.resolve(database.name()), progress);
      }
      return capturedAt;
    }
  }

  private static Entry entry(SystemPlace place, Path copies, SnapshotContents contents)
      throws IOException {
    String name = place.databaseEntry();
    contents.put(name, contents.at(copies.resolve(place.name())));
    try (InputStream in = contents.open(name)) {
      Sha256.Content digest = Sha256.of(in);
      return new Entry(name, digest.size(), digest.sha256());
    }
  }

  /** The schema of all copies together; its version is that of the first one. */
  private static ArchiveManifest.Source origin(Path copies, List<SystemPlace> databases) {
    MessageDigest sha256 = Sha256.digest();
    OptionalLong version = OptionalLong.empty();
    String engineVersion = "none";
    for (SystemPlace database : databases) {
      try (Session session =
          Session.open(
              SqliteConnections.toImmutable(copies.resolve(database.name())),
              Session.SCRATCH_TIMEOUT)) {
        sha256.update((database.name() + '\0').getBytes(StandardCharsets.UTF_8));
        session
            .query(DEFINITIONS, row -> row.getString(1) + '\0')
            .forEach(sql -> sha256.update(sql.getBytes(StandardCharsets.UTF_8)));
        engineVersion = session.queryText("SELECT sqlite_version()");
        if (version.isEmpty()) {
          version = OptionalLong.of(session.queryLong("PRAGMA user_version"));
        }
      } catch (SQLException e) {
        throw SqliteErrors.unavailable("Reading the copy of database " + database.name(), e);
      }
    }
    return new ArchiveManifest.Source(
        "sqlite", engineVersion, version, Sha256.hex(sha256.digest()));
  }

  private static List<SystemPlace> of(List<SystemPlace> places, Role role) {
    return places.stream().filter(place -> place.role() == role).toList();
  }

  @Override
  public Verification<SystemProof> verify(StagedSystem staged, Progress progress) {
    return SqliteVerifier.customizedBy(customizer).verify(staged, progress);
  }

  @Override
  public Optional<Path> databaseFile() {
    return parts.of(Role.DATABASE).stream().findFirst().map(SystemParts.Part::path);
  }

  @Override
  public void close() {
    // Connections are opened for each snapshot, and closed after it.
  }

  /** Collects the parts of a system. Use from one thread. */
  public static final class Builder {

    private final List<Part> parts = new ArrayList<>();
    private Duration busyTimeout = Duration.ofSeconds(30);
    private Clock clock = Clock.systemUTC();
    private ConnectionCustomizer customizer = ConnectionCustomizer.none();
    private Excluded excluded = Excluded.DEFAULT;

    private Builder() {}

    /** A database that is backed up; applications may have it open. */
    public Builder database(String name, Path file) {
      return add(Role.DATABASE, name, file);
    }

    /** A folder whose files are backed up. */
    public Builder tree(String name, Path folder) {
      return add(Role.TREE, name, folder);
    }

    /** A database that is not backed up, since the host can make it anew; it need not be there. */
    public Builder rebuilt(String name, Path file) {
      return add(Role.REBUILT, name, file);
    }

    /**
     * Leaves files and folders out of every backup of the trees, and does not even look into them:
     * caches, what this process may not read. May be called for several. {@code lost+found} is left
     * out without.
     *
     * @param pattern a name of a file or a folder, wherever it is: {@code *.tmp}; or with a slash a
     *     path below a tree: {@code previews/large}, {@code /cache}. As in a shell {@code *} stands
     *     for any letters, and {@code **} for slashes too
     * @throws IllegalArgumentException if the pattern is none, or would leave everything out
     */
    public Builder exclude(String pattern) {
      this.excluded = excluded.and(Objects.requireNonNull(pattern, "pattern"));
      return this;
    }

    private Builder add(Role role, String name, Path path) {
      Objects.requireNonNull(name, "name");
      parts.add(new Part(role, name, path.toAbsolutePath().normalize()));
      return this;
    }

    /** How long to wait for a database that is locked. Default: 30 seconds. */
    public Builder busyTimeout(Duration timeout) {
      this.busyTimeout = SqliteConnections.requireBusyTimeout(timeout);
      return this;
    }

    /** What tells the instant of a snapshot. Default: the system's clock. */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * What the connections that check an archive are given. Default: nothing, and what needs a
     * function or a collation of the host is not checked, with a warning.
     */
    public Builder customize(ConnectionCustomizer value) {
      this.customizer = Objects.requireNonNull(value, "customizer");
      return this;
    }

    /**
     * Puts the parts together.
     *
     * @throws IllegalArgumentException if there is none, or two of them have one name or one place
     */
    public SqliteSystemSource build() {
      return new SqliteSystemSource(this);
    }
  }
}
