package dev.sevenfold.backup.system;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.MountPoints;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders that a restore works in: the one in the system's folder, which has the lock and the
 * journal, and one in each mount below it that content moves in or out of, since nothing can be
 * renamed from one mount to another. Immutable.
 *
 * <p>Those in mounts are listed in a file of the first before they are made, and each has a file
 * that says of which restore it is: nothing is ever removed from the work folder of another one.
 *
 * @param directory the folder of the system
 * @param mounts absolute paths of mounts below it
 * @param restore what tells this restore from others; empty if it works in no mount
 */
public record WorkFolders(Path directory, List<Path> mounts, String restore) {

  private static final String SYSTEM = "system";
  private static final String RESTORE = "restore";
  private static final String MOUNT = "mount.";

  public WorkFolders {
    mounts = List.copyOf(mounts);
  }

  /** Those of a restore that works in no mount. */
  static WorkFolders in(Path directory) {
    return new WorkFolders(directory, List.of(), "");
  }

  /** Those of a new restore. */
  static WorkFolders in(Path directory, List<Path> mounts) {
    return new WorkFolders(directory, mounts, mounts.isEmpty() ? "" : UUID.randomUUID().toString());
  }

  /** Those that a killed restore has listed. */
  static WorkFolders ofKilled(Path directory) throws IOException {
    Path list = WorkFolder.in(directory).mounts();
    if (!DurableFiles.exists(list)) {
      return in(directory);
    }
    Properties all = DurableFiles.read(list);
    List<Path> mounts = new ArrayList<>();
    for (int i = 0; all.containsKey(MOUNT + i); i++) {
      mounts.add(directory.resolve(all.getProperty(MOUNT + i)));
    }
    return new WorkFolders(directory, mounts, all.getProperty(RESTORE, ""));
  }

  public WorkFolder main() {
    return WorkFolder.in(directory);
  }

  /** The one in the mount that a path is in, or is; where nothing is mounted, the system's. */
  WorkFolder within(Path path) {
    return mounts.stream()
        .filter(path::startsWith)
        .max(Comparator.comparingInt(Path::getNameCount))
        .map(WorkFolder::in)
        .orElseGet(this::main);
  }

  /** The one from which and to which something at a path can be renamed: where its folder is. */
  WorkFolder of(Path path) {
    return within(DurableFiles.folderOf(path));
  }

  /** Whether a mount is below a folder, or right there, so that it stays where it is. */
  boolean isAboveMount(Path folder) {
    return mounts.stream().anyMatch(mount -> mount.startsWith(folder));
  }

  /** All of them, that of the system first. */
  public List<WorkFolder> all() {
    return Stream.concat(Stream.of(main()), inMounts().stream()).toList();
  }

  private List<WorkFolder> inMounts() {
    return mounts.stream().map(WorkFolder::in).toList();
  }

  /** Makes those in mounts. */
  public void make(DurableFiles disk) throws IOException {
    if (mounts.isEmpty()) {
      return;
    }
    disk.write(main().mounts(), list(), "The mounts below this folder that a restore works in");
    for (WorkFolder each : inMounts()) {
      try {
        disk.createFolder(each.root());
      } catch (FileAlreadyExistsException e) {
        throw occupied(each, e, this);
      }
      // While empty: what is staged here is nobody else's to read, not even for a moment.
      PosixModes.set(each.root(), WorkFolder.MODE);
      Properties owner = new Properties();
      owner.setProperty(SYSTEM, directory.toString());
      owner.setProperty(RESTORE, restore);
      disk.write(each.owner(), owner, "The folder that a restore is for which works here");
      disk.sync(each.base());
    }
  }

  private Properties list() {
    Properties all = new Properties();
    all.setProperty(RESTORE, restore);
    for (int i = 0; i < mounts.size(); i++) {
      all.setProperty(MOUNT + i, directory.relativize(mounts.get(i)).toString());
    }
    return all;
  }

  /** Refuses a system's folder that is itself a mount which the restore of another one works in. */
  static void requireFree(WorkFolder main) throws IOException {
    if (DurableFiles.exists(main.owner())) {
      throw occupied(main, null, null);
    }
  }

  private static RestoreRefused occupied(
      WorkFolder folder, @Nullable IOException e, @Nullable WorkFolders own) throws IOException {
    if (own != null && DurableFiles.exists(folder.owner())) {
      Properties owner = DurableFiles.read(folder.owner());
      if (own.restore.equals(owner.getProperty(RESTORE))) {
        return new RestoreRefused(
            "Two mounts are one disk: " + folder.base() + " and another one of this restore",
            List.of(),
            "Unmount one of them, then restore again",
            e);
      }
      if (own.directory.toString().equals(owner.getProperty(SYSTEM))) {
        return new RestoreRefused(
            "A restore into this very folder was killed, and only its part in %s is left"
                .formatted(folder.root()),
            List.of("Its journal is gone, so that nobody knows what of it was done"),
            "Move %s to where it stays, if it is there: it may have the only copy of what was"
                    .formatted(folder.old())
                + " replaced. Then delete "
                + folder.root()
                + ", and restore again",
            e);
      }
    }
    String whose =
        DurableFiles.exists(folder.owner())
            ? "the restore into " + DurableFiles.read(folder.owner()).getProperty(SYSTEM)
            : "a restore into " + folder.base();
    return new RestoreRefused(
        "Another restore works in " + folder.root(),
        List.of("It is of " + whose + ", which is at work, or was killed"),
        "Let it finish, or deal with it: restore or recover there first",
        e);
  }

  /**
   * Refuses to go on with a killed restore while one of its mounts is not there: what was on it
   * would be taken for gone.
   *
   * @param begun whether files may have moved, and may have to move back
   */
  void requireMounted(MountPoints now, boolean begun) throws IOException {
    List<String> missing = new ArrayList<>();
    for (WorkFolder each : inMounts()) {
      Path mount = each.base();
      if (!DurableFiles.isFolder(mount) || !now.isMount(mount)) {
        missing.add(mount + " is not mounted");
      } else if (begun && !isOurs(each)) {
        missing.add(
            "what is mounted on %s is not what was: it has not the folder %s of this restore"
                .formatted(mount, each.root().getFileName()));
      }
    }
    if (!missing.isEmpty()) {
      throw new RestoreRefused(
          "A restore into " + directory + " was killed, and worked in mounts that are not there",
          missing,
          ("Do not start the system; mount what was there, then restore or recover again. If a disk"
                  + " is gone for good, delete %s: the rest is dealt with without it")
              .formatted(main().mounts()));
    }
  }

  private boolean isOurs(WorkFolder folder) throws IOException {
    return !restore.isEmpty()
        && DurableFiles.exists(folder.owner())
        && restore.equals(DurableFiles.read(folder.owner()).getProperty(RESTORE));
  }

  /** Removes those in mounts. */
  void releaseMounts(DurableFiles disk) throws IOException {
    for (WorkFolder each : inMounts()) {
      if (isOurs(each)) {
        each.clear(disk);
        disk.delete(each.owner());
      }
      if (!DurableFiles.exists(each.owner())) {
        disk.deleteAll(DurableFiles.half(each.owner()));
        each.removeIfEmpty();
      }
    }
  }

  /** Removes what can be made again; what was there before stays, and so does the lock. */
  public void clear(DurableFiles disk) throws IOException {
    releaseMounts(disk);
    disk.sync();
    disk.delete(main().mounts());
    main().clear(disk);
  }
}
