package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps files together with rows over a crash. The new files are laid beside their places, and a
 * journal beside the database says so. The transaction that writes the rows also makes a marker
 * table; when it has committed, the files are moved into their places, and the marker goes.
 *
 * <p>So at any moment the marker tells: if it is there, the rows are the new ones, and the files
 * are moved by whoever comes next. If it is not, the rows are the old ones, no file has moved, and
 * what was laid beside is removed.
 */
final class FileJournal implements AutoCloseable {

  private static final String MARKER = "sevenfold_restore_";
  private static final String SUFFIX = ".sevenfold-journal";

  /**
   * One step, done after the commit.
   *
   * @param fresh the new file beside the target; null if the target is to be removed
   */
  private record Step(@Nullable Path fresh, Path target) {}

  private final @Nullable Path file;
  private final String marker;
  private final List<Step> steps;
  private boolean committed;

  private FileJournal(@Nullable Path file, String marker, List<Step> steps) {
    this.file = file;
    this.marker = marker;
    this.steps = steps;
  }

  /** Lays the new files beside their places, and writes down what is to be done. */
  static FileJournal write(SqliteDatabase database, TenantId tenant, FilePlan plan) {
    String id = UUID.randomUUID().toString().replace("-", "");
    List<Step> steps = new ArrayList<>();
    for (FilePlan.Write write : plan.writes()) {
      Path target = write.target().toAbsolutePath();
      steps.add(new Step(target.resolveSibling(target.getFileName() + "." + MARKER + id), target));
    }
    plan.removes().forEach(target -> steps.add(new Step(null, target.toAbsolutePath())));
    Path file = plan.isEmpty() ? null : place(database, id);
    FileJournal journal = new FileJournal(file, MARKER + id, steps);
    try {
      if (file != null) {
        journal.record(file, tenant);
        for (int i = 0; i < plan.writes().size(); i++) {
          lay(plan.writes().get(i).staged(), steps.get(i));
        }
      }
      return journal;
    } catch (IOException | SQLException e) {
      journal.close();
      throw new OperationFailed(
          "The restored files could not be laid beside their places: " + e.getMessage(),
          "Check the space and the permissions there; nothing was changed",
          e);
    }
  }

  private static Path place(SqliteDatabase database, String id) {
    Path live =
        database
            .file()
            .orElseThrow(
                () ->
                    new OperationFailed(
                        "A database in memory cannot be restored together with files",
                        "Use a database file, or a model without files"));
    return live.resolveSibling(live.getFileName() + "-" + id + SUFFIX);
  }

  private void record(Path journal, TenantId tenant) throws SQLException {
    try (Session session = SqliteDatabase.scratch(journal)) {
      session.begin();
      session.execute("CREATE TABLE restore (tenant TEXT NOT NULL, marker TEXT NOT NULL)");
      session.execute("CREATE TABLE step (fresh TEXT, target TEXT NOT NULL)");
      session.update("INSERT INTO restore VALUES (?, ?)", tenant.value(), marker);
      for (Step step : steps) {
        session.update(
            "INSERT INTO step VALUES (?, ?)",
            step.fresh() == null ? null : step.fresh().toString(),
            step.target().toString());
      }
      session.commit();
    }
  }

  private static void lay(Path staged, Step step) throws IOException {
    Path fresh = step.fresh();
    if (fresh == null) {
      return;
    }
    Path folder = folderOf(step.target());
    Files.createDirectories(folder);
    Files.copy(staged, fresh);
    if (Files.exists(step.target(), LinkOption.NOFOLLOW_LINKS)) {
      copyAttributes(step.target(), fresh);
    } else {
      copyAttributesOfFolder(folder, fresh);
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    sync(folder);
  }

  /** A replaced file keeps its owner and its mode. */
  private static void copyAttributes(Path from, Path to) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(to, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      PosixFileAttributes attributes =
          Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      view.setPermissions(attributes.permissions());
      setOwner(view, attributes);
    }
  }

  /** A new file belongs to whom its folder belongs, and may be used by whom the folder may be. */
  private static void copyAttributesOfFolder(Path folder, Path to) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(to, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
      var permissions = new java.util.HashSet<>(attributes.permissions());
      permissions.removeIf(permission -> permission.name().endsWith("_EXECUTE"));
      view.setPermissions(permissions);
      setOwner(view, attributes);
    }
  }

  private static void setOwner(PosixFileAttributeView view, PosixFileAttributes wanted)
      throws IOException {
    PosixFileAttributes now = view.readAttributes();
    if (!now.owner().equals(wanted.owner())) {
      view.setOwner(wanted.owner());
    }
    if (!now.group().equals(wanted.group())) {
      view.setGroup(wanted.group());
    }
  }

  /** Makes the marker, inside the transaction that writes the rows. */
  void mark(Session session) throws SQLException {
    if (file != null) {
      session.execute("CREATE TABLE " + Sql.name(SnapshotTaker.LIVE, marker) + " (done)");
    }
  }

  /** Moves the files into their places, after the commit. */
  void complete(Session session) throws SQLException {
    committed = true;
    if (file == null) {
      return;
    }
    try {
      for (Step step : steps) {
        move(step);
      }
      session.execute("DROP TABLE IF EXISTS " + Sql.name(SnapshotTaker.LIVE, marker));
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new OperationFailed(
          "The rows are restored, but not all of their files: " + e.getMessage(),
          "Clear the cause, then start the service again: it completes the restore",
          e);
    }
  }

  private static void move(Step step) throws IOException {
    Path fresh = step.fresh();
    if (fresh == null) {
      Files.deleteIfExists(step.target());
    } else if (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(fresh, step.target(), StandardCopyOption.ATOMIC_MOVE);
    }
    if (Files.isDirectory(folderOf(step.target()))) {
      sync(folderOf(step.target()));
    }
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " has no folder");
    }
    return folder;
  }

  private static void sync(Path folder) throws IOException {
    // A rename is durable once its folder is. Windows cannot open folders, and need not.
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Removes what was laid beside, unless the rows are committed. */
  @Override
  public void close() {
    if (!committed && file != null) {
      try {
        revert();
      } catch (IOException e) {
        throw new OperationFailed(
            "Files that a refused restore laid beside their places are left: " + e.getMessage(),
            "The next start of the service removes them",
            e);
      }
    }
  }

  private void revert() throws IOException {
    for (Step step : steps) {
      if (step.fresh() != null) {
        Files.deleteIfExists(step.fresh());
      }
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  /** Completes or reverts what killed restores left behind. */
  static List<String> recover(SqliteDatabase database, TenantLocks locks) throws SQLException {
    List<String> done = new ArrayList<>();
    for (Path journal : journals(database)) {
      FileJournal left = read(journal);
      if (left == null) {
        // Killed while it was written: no file was laid yet.
        deleteJournal(journal);
        continue;
      }
      TenantId tenant = tenantOf(journal);
      try (var lock = locks.tryAcquire(tenant)) {
        // Whoever has the lock is at work on this very journal.
        if (lock != null && Files.exists(journal)) {
          done.add(left.recover(database, tenant));
        }
      }
    }
    return done;
  }

  private String recover(SqliteDatabase database, TenantId tenant) throws SQLException {
    try (Session session = database.open()) {
      boolean marked =
          session.queryLong(
                  "SELECT count(*) FROM "
                      + Sql.name(SnapshotTaker.LIVE, "sqlite_schema")
                      + " WHERE name = ?",
                  marker)
              != 0;
      if (marked) {
        complete(session);
        return "Completed the restore of tenant "
            + tenant
            + " that was interrupted after its rows"
            + " were committed: "
            + steps.size()
            + " files";
      }
      revert();
      return "Reverted the restore of tenant "
          + tenant
          + " that was interrupted before its rows were committed";
    } catch (IOException e) {
      throw new OperationFailed(
          "The interrupted restore of tenant "
              + tenant
              + " could not be reverted: "
              + e.getMessage(),
          "Clear the cause, then start the service again",
          e);
    }
  }

  private static List<Path> journals(SqliteDatabase database) {
    if (database.file().isEmpty()) {
      return List.of();
    }
    Path live = database.file().get();
    List<Path> journals = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folderOf(live),
            file -> {
              String name = String.valueOf(file.getFileName());
              return name.startsWith(live.getFileName() + "-") && name.endsWith(SUFFIX);
            })) {
      files.forEach(journals::add);
    } catch (IOException e) {
      throw new OperationFailed(
          "The folder of " + live + " could not be listed: " + e.getMessage(),
          "Check its permissions",
          e);
    }
    return journals;
  }

  private static @Nullable FileJournal read(Path journal) throws SQLException {
    try (Session session = SqliteDatabase.scratch(journal)) {
      if (session.queryLong("SELECT count(*) FROM sqlite_schema") == 0) {
        return null;
      }
      List<Step> steps =
          session.query(
              "SELECT fresh, target FROM step",
              row -> {
                String fresh = row.getString(1);
                return new Step(fresh == null ? null : Path.of(fresh), Path.of(row.getString(2)));
              });
      String marker = session.query("SELECT marker FROM restore", r -> r.getString(1)).get(0);
      return new FileJournal(journal, marker, steps);
    }
  }

  private static TenantId tenantOf(Path journal) throws SQLException {
    try (Session session = SqliteDatabase.scratch(journal)) {
      return TenantId.of(
          session.query("SELECT tenant FROM restore", row -> row.getString(1)).get(0));
    }
  }

  private static void deleteJournal(Path journal) {
    try {
      Files.deleteIfExists(journal);
    } catch (IOException e) {
      throw new OperationFailed(
          "The empty journal " + journal + " could not be deleted: " + e.getMessage(),
          "Check its permissions",
          e);
    }
  }
}
