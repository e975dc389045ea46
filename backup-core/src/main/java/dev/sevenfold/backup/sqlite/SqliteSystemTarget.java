package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.DatabaseRebuild;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.SystemCheck;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.backup.system.RestoreLock;
import dev.sevenfold.backup.system.RestoreSettings;
import dev.sevenfold.backup.system.SwapRun;
import dev.sevenfold.backup.system.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A folder that a system of SQLite databases and file trees is put back into. Thread-safe.
 *
 * <pre>{@code
 * SystemTarget target =
 *     SqliteSystemTarget.builder(Path.of("/srv/app/storage"))
 *         .owner("app", "app")
 *         .check(places -> canLogIn(places.get("primary")))
 *         .build();
 * }</pre>
 *
 * <p>Each part goes where the archive says that it was, or where the host chooses. What is there is
 * set aside first, and kept in {@code .sevenfold-replaced-…} beside it, unless the host does not
 * want that. Where a tree or a database is in a mount of its own below the folder, all of that is
 * done within the mount. A database that another process has open is refused: it is found by
 * SQLite's locks, and on Linux by the open files of all processes that can be seen.
 */
public final class SqliteSystemTarget implements SystemTarget {

  private final RestoreSettings settings;

  private SqliteSystemTarget(RestoreSettings settings) {
    this.settings = settings;
  }

  /**
   * A folder; it need not be there yet.
   *
   * @throws OperationFailed if its path cannot be resolved
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  @Override
  public String describe() {
    return "folder " + settings.directory();
  }

  @Override
  public SystemRestore prepare(ArchiveManifest manifest) {
    return prepare(manifest, List.of());
  }

  @Override
  public SystemRestore prepare(ArchiveManifest manifest, List<OwnPlace> own) {
    if (manifest.kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new RestoreRefused(
          "The archive is not one of a system, but of tenant "
              + manifest.tenant().map(Object::toString).orElse("?"),
          List.of(),
          "Choose an archive of the system, or restore the tenant");
    }
    return new SqliteSystemRestore(settings, manifest, OwnPlaces.of(own));
  }

  @Override
  public List<String> recover() {
    WorkFolder work = settings.work();
    if (!Files.isDirectory(work.root())) {
      return List.of();
    }
    try (RestoreLock lock = RestoreLock.acquire(work.lock())) {
      return SwapRun.recover(settings, settings.disk().get(), lock);
    } catch (IOException e) {
      throw new OperationFailed(
          "What a killed restore left in %s could not be dealt with: %s"
              .formatted(work.root(), Printable.reasonWithFile(e)),
          "Do not start the system; clear the cause, then recover again",
          e);
    } finally {
      work.removeIfEmpty();
    }
  }

  /** Collects how to restore. Use from one thread. */
  public static final class Builder {

    private static final int MODE = 0660;

    private final Path directory;
    private final Map<String, String> chosen = new LinkedHashMap<>();
    private final List<SystemCheck> checks = new ArrayList<>();
    private int databaseMode = MODE;
    private FileOwners owners = FileOwners.AS_BEFORE;
    private boolean evenIfOpen;
    private boolean keepReplaced = true;
    private DatabaseRebuild rebuild = (name, file) -> {};
    private Duration busyTimeout = Duration.ofSeconds(2);
    private Clock clock = Clock.systemUTC();
    private Supplier<DurableFiles> disk = DurableFiles::new;
    private boolean acceptFindings;
    private ConnectionCustomizer customizer = ConnectionCustomizer.none();

    private Builder(Path directory) {
      Path path = directory.toAbsolutePath().normalize();
      try {
        // Links are fine on the way to the folder, and not below it.
        this.directory = Files.exists(path) ? path.toRealPath() : path;
      } catch (IOException e) {
        throw new OperationFailed(
            "The folder %s cannot be looked at: %s".formatted(path, e), "Check the path", e);
      }
    }

    /**
     * Puts a part elsewhere than the archive says.
     *
     * @param name what the host calls the part
     * @param path below the folder, with {@code /} between the folders
     * @throws IllegalArgumentException if the path leads out of the folder, or is none
     */
    public Builder place(String name, String path) {
      SystemPlace place = new SystemPlace(SystemPlace.Role.TREE, name, path);
      chosen.put(place.name(), place.path());
      return this;
    }

    /** The mode of restored databases. Default: 660. Files of trees have the mode they had. */
    public Builder databaseMode(Set<PosixFilePermission> permissions) {
      this.databaseMode = PosixModes.bits(permissions);
      return this;
    }

    /**
     * Who is to own what is restored, which only root can do. Default: who owns what is replaced,
     * or the folder, as far as this process can.
     */
    public Builder owner(String user, String group) {
      this.owners = new FileOwners(Optional.of(user), Optional.of(group));
      return this;
    }

    /** Makes databases anew that are not in the archive. Default: the host does so as it starts. */
    public Builder rebuild(DatabaseRebuild hook) {
      this.rebuild = Objects.requireNonNull(hook, "hook");
      return this;
    }

    /** Asks the host whether the restored system is well; checks are asked in this order. */
    public Builder check(SystemCheck check) {
      checks.add(Objects.requireNonNull(check, "check"));
      return this;
    }

    /**
     * Restores even if a process has a database open. It goes on with the old file, which has no
     * name any more: what it writes from now on is lost.
     */
    public Builder evenIfOpen() {
      this.evenIfOpen = true;
      return this;
    }

    /** Deletes what was there before, once the host has agreed with what is there now. */
    public Builder discardReplaced() {
      this.keepReplaced = false;
      return this;
    }

    /**
     * Restores databases that are whole and yet not as their own schema has it, as they were when
     * they were backed up: a damaged search index, a value that its column does not allow. Default:
     * such a restore is refused, and names what was found.
     */
    public Builder acceptFindings() {
      this.acceptFindings = true;
      return this;
    }

    /**
     * What the connections that check an archive are given. Default: nothing, and what needs a
     * function or a collation of the host is not checked, with a note.
     */
    public Builder customize(ConnectionCustomizer value) {
      this.customizer = Objects.requireNonNull(value, "customizer");
      return this;
    }

    /** How long a database may be locked before it counts as in use. Default: 2 seconds. */
    public Builder busyTimeout(Duration timeout) {
      this.busyTimeout = SqliteConnections.requireBusyTimeout(timeout);
      return this;
    }

    /** What tells when files were replaced. Default: the system's clock. */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /** What changes the disk; tests let it fail. */
    Builder disk(Supplier<DurableFiles> value) {
      this.disk = value;
      return this;
    }

    /** Puts the settings together; looks at nothing yet. */
    public SqliteSystemTarget build() {
      return new SqliteSystemTarget(
          new RestoreSettings(
              directory,
              chosen,
              databaseMode,
              owners,
              evenIfOpen,
              keepReplaced,
              rebuild,
              checks,
              busyTimeout,
              clock,
              disk,
              acceptFindings,
              customizer));
    }
  }
}
