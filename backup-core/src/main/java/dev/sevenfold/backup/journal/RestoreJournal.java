package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.files.OwnNames;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A restore of a tenant that is under way, in a small text file beside the database: what it is
 * about to do to files, and when its safety archives were captured. So whoever comes after a kill
 * knows what to complete or to revert, and which archive an undo needs. Immutable.
 *
 * <p>Its name has the byte of the lock file that stands for the tenant, so that nobody touches it
 * who does not hold that lock, and there is one at most for each lock.
 *
 * @param file the journal itself
 * @param tenant whose restore it is
 * @param marker what is there from the commit of the rows until the files are in place
 * @param done whether the rows are committed and all files are in place
 * @param safety the instants of the safety archives; with any, the journal stays until the store
 *     says of them what became of the restore
 * @param steps what is done to files after the commit
 * @param folders the folders that are made for them, the outer ones first
 */
public record RestoreJournal(
    Path file,
    TenantId tenant,
    Marker marker,
    boolean done,
    List<Instant> safety,
    List<Step> steps,
    List<Path> folders) {

  public static final String SUFFIX = ".sevenfold-journal";

  /** What a journal's name has behind that of its database, at most: half of a journal. */
  private static final int LONGEST_REST = ("-0123456789abcdef" + SUFFIX + ".new").length();

  private static final String DIGEST = "digest";

  /**
   * One step.
   *
   * @param fresh the new file beside the target; null if the target is to be removed
   */
  public record Step(@Nullable Path fresh, Path target) {}

  /** A journal that is not what was written: the disk has lost it. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(String why, @Nullable Throwable cause) {
      super("it cannot be read: " + why, cause);
    }
  }

  public RestoreJournal {
    safety = List.copyOf(safety);
    steps = List.copyOf(steps);
    folders = List.copyOf(folders);
  }

  /** The journal of a restore that has done nothing yet. */
  public static RestoreJournal begin(Path live, TenantId tenant) {
    return new RestoreJournal(
        place(live, TenantLocks.position(tenant)),
        tenant,
        Marker.fresh(),
        false,
        List.of(),
        List.of(),
        List.of());
  }

  /** As this one, with one more safety archive. */
  public RestoreJournal withSafety(Instant capturedAt) {
    List<Instant> all = new ArrayList<>(safety);
    all.add(capturedAt);
    return new RestoreJournal(file, tenant, marker, done, all, steps, folders);
  }

  /** As this one, with nothing to be done to files. */
  public RestoreJournal withoutSteps() {
    return new RestoreJournal(file, tenant, marker, done, safety, List.of(), List.of());
  }

  /** As this one, with the steps of a plan, and a marker that was never used. */
  public RestoreJournal withSteps(FilePlan plan) {
    Marker marker = Marker.fresh();
    List<Step> steps = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    for (FilePlan.Write write : plan.writes()) {
      Path target = write.target().toAbsolutePath();
      steps.add(new Step(target.resolveSibling(fresh(marker, steps.size())), target));
      addMissing(DurableFiles.folderOf(target), folders);
    }
    plan.removes().forEach(target -> steps.add(new Step(null, target.toAbsolutePath())));
    return new RestoreJournal(file, tenant, marker, false, safety, steps, folders);
  }

  /** A name of our own, and a short one: one that grew the host's would be too long some day. */
  private static String fresh(Marker marker, int number) {
    return "." + marker.shown() + "-" + Integer.toString(number, 36);
  }

  private static void addMissing(Path folder, List<Path> folders) {
    if (!DurableFiles.exists(folder) && !folders.contains(folder)) {
      addMissing(DurableFiles.folderOf(folder), folders);
      folders.add(folder);
    }
  }

  /** Where the journal of the tenant is that has this lock. */
  public static Path place(Path live, long lock) {
    return live.resolveSibling(prefix(live) + Long.toHexString(lock) + SUFFIX);
  }

  private static String prefix(Path live) {
    return OwnNames.beside(live, LONGEST_REST) + "-";
  }

  /** The database that it is beside, unless the name of that is too long to begin another one. */
  private Path database() {
    String name = String.valueOf(file.getFileName());
    int end = name.lastIndexOf('-', name.length() - SUFFIX.length());
    return file.resolveSibling(name.substring(0, Math.max(0, end)));
  }

  /** The locks for which there is a journal beside a database, or half of one. */
  public static List<Long> locks(Path live) throws IOException {
    List<Long> locks = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(DurableFiles.folderOf(live))) {
      for (Path file : files) {
        OptionalLong lock = lock(live, String.valueOf(file.getFileName()));
        if (lock.isPresent() && !locks.contains(lock.getAsLong())) {
          locks.add(lock.getAsLong());
        }
      }
    }
    return locks;
  }

  private static OptionalLong lock(Path live, String name) {
    String half = String.valueOf(DurableFiles.half(Path.of(SUFFIX)));
    String suffix = name.endsWith(half) ? half : SUFFIX;
    if (!name.startsWith(prefix(live)) || !name.endsWith(suffix)) {
      return OptionalLong.empty();
    }
    String lock = name.substring(prefix(live).length(), name.length() - suffix.length());
    return lock.matches("[0-9a-f]{1,15}|[0-7][0-9a-f]{15}")
        ? OptionalLong.of(Long.parseLong(lock, 16))
        : OptionalLong.empty();
  }

  public RestoreJournal finished() {
    return new RestoreJournal(file, tenant, marker, true, safety, steps, folders);
  }

  /** Whether the rows are committed. */
  public boolean isCommitted(Change change) throws SQLException {
    return done || change.isMarked(marker.table());
  }

  /** Writes it, so that it is there wholly or not at all. */
  public void write(DurableFiles disk) throws IOException {
    Properties all = new Properties();
    all.setProperty("tenant", tenant.value());
    all.setProperty("marker", marker.table());
    all.setProperty("done", Boolean.toString(done));
    for (int i = 0; i < safety.size(); i++) {
      all.setProperty("safety." + i, safety.get(i).toString());
    }
    all.setProperty("steps", Integer.toString(steps.size()));
    for (int i = 0; i < steps.size(); i++) {
      Path fresh = steps.get(i).fresh();
      if (fresh != null) {
        all.setProperty("step." + i + ".fresh", fresh.toString());
      }
      all.setProperty("step." + i + ".target", steps.get(i).target().toString());
    }
    for (int i = 0; i < folders.size(); i++) {
      all.setProperty("folder." + i, folders.get(i).toString());
    }
    all.setProperty(DIGEST, digest(all));
    FileOwners.createBeside(DurableFiles.half(file), database());
    disk.write(file, all, "Sevenfold is restoring a tenant. Do not delete this file.");
  }

  /**
   * Reads one.
   *
   * @throws Unreadable if it is not what was written
   */
  public static RestoreJournal read(Path file) throws IOException {
    try {
      Properties all = DurableFiles.read(file);
      // Followed to the letter: a byte that has changed would replace somebody else's file.
      String written = all.getProperty(DIGEST);
      if (written != null && !written.equals(digest(all))) {
        throw new Unreadable("it has changed since it was written", null);
      }
      return of(file, all);
    } catch (IllegalArgumentException e) {
      // What is no escape, no path and no tenant.
      throw new Unreadable(String.valueOf(e.getMessage()), e);
    }
  }

  /** Of all but the digest itself. Journals of earlier versions have none. */
  private static String digest(Properties all) {
    MessageDigest sha256 = Sha256.digest();
    for (String key : new TreeSet<>(all.stringPropertyNames())) {
      if (!key.equals(DIGEST)) {
        String line = key + '\0' + all.getProperty(key) + '\0';
        sha256.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return Sha256.hex(sha256.digest());
  }

  private static RestoreJournal of(Path file, Properties all) throws Unreadable {
    List<Instant> safety = new ArrayList<>();
    for (int i = 0; all.containsKey("safety." + i); i++) {
      safety.add(instant(required(all, "safety." + i)));
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; all.containsKey("step." + i + ".target"); i++) {
      String fresh = all.getProperty("step." + i + ".fresh");
      steps.add(
          new Step(
              fresh == null ? null : Path.of(fresh),
              Path.of(required(all, "step." + i + ".target"))));
    }
    // Journals of earlier versions do not say how many there are.
    String expected = all.getProperty("steps", Integer.toString(steps.size()));
    if (!expected.equals(Integer.toString(steps.size()))) {
      throw new Unreadable("it has " + steps.size() + " of " + expected + " steps", null);
    }
    List<Path> folders = new ArrayList<>();
    for (int i = 0; all.containsKey("folder." + i); i++) {
      folders.add(Path.of(required(all, "folder." + i)));
    }
    return new RestoreJournal(
        file,
        TenantId.of(required(all, "tenant")),
        new Marker(required(all, "marker")),
        Boolean.parseBoolean(required(all, "done")),
        safety,
        steps,
        folders);
  }

  private static Instant instant(String text) throws Unreadable {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Unreadable("it has \"" + text + "\" for an instant", e);
    }
  }

  private static String required(Properties all, String key) throws Unreadable {
    String value = all.getProperty(key);
    if (value == null) {
      throw new Unreadable("it has no " + key, null);
    }
    return value;
  }
}
