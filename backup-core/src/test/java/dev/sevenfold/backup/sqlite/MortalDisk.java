package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.io.MountPoints;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** A disk that can be changed a number of times, and then never again: as after a kill. */
final class MortalDisk extends DurableFiles {

  /** Thrown at the end, and at every attempt after it: whatever tidies up changes nothing. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final int lifetime;
  private final Runnable end;
  private int steps;
  private Optional<Set<Path>> mounts = Optional.empty();

  /**
   * A disk.
   *
   * @param lifetime how many changes it takes
   * @param end what happens instead of the next one
   */
  MortalDisk(int lifetime, Runnable end) {
    this.lifetime = lifetime;
    this.end = end;
  }

  /** A disk of which the end is an error. */
  MortalDisk(int lifetime) {
    this(
        lifetime,
        () -> {
          throw new Killed();
        });
  }

  /**
   * This disk, as if something was mounted in certain folders, and nowhere else: nothing is renamed
   * or linked from one mount to another, and no mount point can be renamed or removed.
   */
  MortalDisk withMounts(Set<Path> points) {
    this.mounts = Optional.of(points);
    return this;
  }

  @Override
  public MountPoints mounts() {
    return mounts.map(MountPoints::new).orElseGet(super::mounts);
  }

  private void requireOneMount(Path from, Path to) throws IOException {
    if (mounts.isPresent()) {
      requireNoMountPoint(from);
      if (!mounts().around(folderOf(from)).equals(mounts().around(folderOf(to)))) {
        throw new FileSystemException(from.toString(), to.toString(), "Invalid cross-device link");
      }
    }
  }

  private void requireNoMountPoint(Path path) throws IOException {
    if (mounts.orElse(Set.of()).stream().anyMatch(point -> point.startsWith(path))) {
      throw new FileSystemException(path.toString(), null, "Device or resource busy");
    }
  }

  /** A disk that dies when a restore is committed, before the first file has moved. */
  static DurableFiles dyingAtTheFirstMove() {
    return new DurableFiles() {
      @Override
      public void replace(HeldFolder folder, Path from, Path to) {
        throw new Killed();
      }

      @Override
      public void delete(HeldFolder folder, Path name) {
        throw new Killed();
      }

      @Override
      public void delete(Path file) {
        throw new Killed();
      }
    };
  }

  /** How many changes were asked for. */
  int steps() {
    return steps;
  }

  private void live() {
    if (steps++ >= lifetime) {
      end.run();
    }
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    live();
    super.createFolder(folder);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    live();
    requireOneMount(from, to);
    super.move(from, to);
  }

  @Override
  public void createFolder(HeldFolder above, Path name) throws IOException {
    live();
    super.createFolder(above, name);
  }

  @Override
  public void replace(HeldFolder folder, Path from, Path to) throws IOException {
    live();
    super.replace(folder, from, to);
  }

  @Override
  public void copy(Path from, HeldFolder folder, Path to) throws IOException {
    if (steps == lifetime) {
      byte[] content = Files.readAllBytes(from);
      Files.write(folder.path().resolve(to), Arrays.copyOf(content, content.length / 2));
    }
    live();
    super.copy(from, folder, to);
  }

  @Override
  public void createLink(Path file, Path second) throws IOException {
    live();
    requireOneMount(file, second);
    super.createLink(file, second);
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + ".new");
    if (steps >= lifetime) {
      Files.write(half, Arrays.copyOf(content, content.length / 2));
    }
    live();
    super.write(file, content);
  }

  @Override
  public void force(Path file) {
    // A kill, unlike a power cut, loses nothing that was written: so tests need not wait for a
    // disk.
  }

  @Override
  public void force(HeldFolder folder, Path name) {
    // As above.
  }

  @Override
  public void delete(HeldFolder folder, Path name) throws IOException {
    live();
    super.delete(folder, name);
  }

  @Override
  public void delete(Path file) throws IOException {
    live();
    requireNoMountPoint(file);
    super.delete(file);
  }

  @Override
  public void sync(Path folder) throws IOException {
    live();
    super.sync(folder);
  }
}
