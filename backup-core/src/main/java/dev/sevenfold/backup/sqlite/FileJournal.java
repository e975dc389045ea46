package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the restore of a tenant is about to do to files, in a small text file beside the database;
 * so that whoever comes after a kill knows what to complete or to revert. Immutable.
 *
 * <p>Its name has the byte of the lock file that stands for the tenant, so that nobody touches it
 * who does not hold that lock, and there is one at most for each lock.
 *
 * @param file the journal itself
 * @param tenant whose restore it is
 * @param marker the table that is there from the commit of the rows until the files are in place
 * @param done whether all files are in place
 * @param steps what is done to files after the commit
 * @param folders the folders that are made for them, the outer ones first
 */
record FileJournal(
    Path file, TenantId tenant, String marker, boolean done, List<Step> steps, List<Path> folders) {

  static final String SUFFIX = ".sevenfold-journal";

  private static final String MARKER = "sevenfold_restore_";

  /**
   * One step.
   *
   * @param fresh the new file beside the target; null if the target is to be removed
   */
  record Step(@Nullable Path fresh, Path target) {}

  FileJournal {
    steps = List.copyOf(steps);
    folders = List.copyOf(folders);
  }

  /** Works out the steps of a plan that is not empty. */
  static FileJournal of(Path live, TenantId tenant, FilePlan plan) {
    String marker = MARKER + UUID.randomUUID().toString().replace("-", "");
    List<Step> steps = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    for (FilePlan.Write write : plan.writes()) {
      Path target = write.target().toAbsolutePath();
      steps.add(new Step(target.resolveSibling(target.getFileName() + "." + marker), target));
      addMissing(DiskFiles.folderOf(target), folders);
    }
    plan.removes().forEach(target -> steps.add(new Step(null, target.toAbsolutePath())));
    return new FileJournal(
        place(live, TenantLocks.position(tenant)), tenant, marker, false, steps, folders);
  }

  private static void addMissing(Path folder, List<Path> folders) {
    if (!DiskFiles.exists(folder) && !folders.contains(folder)) {
      addMissing(DiskFiles.folderOf(folder), folders);
      folders.add(folder);
    }
  }

  /** Where the journal of the tenant is that has this lock. */
  static Path place(Path live, long lock) {
    return live.resolveSibling(prefix(live) + Long.toHexString(lock) + SUFFIX);
  }

  private static String prefix(Path live) {
    return live.getFileName() + "-";
  }

  /** The locks for which there is a journal beside a database, or half of one. */
  static List<Long> locks(Path live) throws IOException {
    List<Long> locks = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(DiskFiles.folderOf(live))) {
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
    String half = String.valueOf(DiskFiles.half(Path.of(SUFFIX)));
    String suffix = name.endsWith(half) ? half : SUFFIX;
    if (!name.startsWith(prefix(live)) || !name.endsWith(suffix)) {
      return OptionalLong.empty();
    }
    String lock = name.substring(prefix(live).length(), name.length() - suffix.length());
    return lock.matches("[0-9a-f]{1,15}|[0-7][0-9a-f]{15}")
        ? OptionalLong.of(Long.parseLong(lock, 16))
        : OptionalLong.empty();
  }

  FileJournal finished() {
    return new FileJournal(file, tenant, marker, true, steps, folders);
  }

  /** Writes it, so that it is there wholly or not at all. */
  void write(DiskFiles disk) throws IOException {
    Properties all = new Properties();
    all.setProperty("tenant", tenant.value());
    all.setProperty("marker", marker);
    all.setProperty("done", Boolean.toString(done));
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    all.store(bytes, "Sevenfold is restoring a tenant. Do not delete this file.");
    disk.write(file, bytes.toByteArray());
  }

  static FileJournal read(Path file) throws IOException {
    Properties all = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      all.load(reader);
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; all.containsKey("step." + i + ".target"); i++) {
      String fresh = all.getProperty("step." + i + ".fresh");
      steps.add(
          new Step(
              fresh == null ? null : Path.of(fresh),
              Path.of(required(all, "step." + i + ".target"))));
    }
    List<Path> folders = new ArrayList<>();
    for (int i = 0; all.containsKey("folder." + i); i++) {
      folders.add(Path.of(required(all, "folder." + i)));
    }
    return new FileJournal(
        file,
        TenantId.of(required(all, "tenant")),
        required(all, "marker"),
        Boolean.parseBoolean(required(all, "done")),
        steps,
        folders);
  }

  private static String required(Properties all, String key) throws IOException {
    String value = all.getProperty(key);
    if (value == null) {
      throw new IOException("The journal has no " + key);
    }
    return value;
  }
}
