package dev.sevenfold.backup.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes, for tests that run as root. */
final class SmallDisk implements AutoCloseable {

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts it, or skips the test where that is not permitted. */
  static SmallDisk mount(Path folder, int megabytes) throws IOException {
    Files.createDirectories(folder);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", folder.toString()),
        "a file system cannot be mounted here");
    return new SmallDisk(folder);
  }

  /** Mounts a folder or a file in a second place, or skips the test where that is not permitted. */
  static SmallDisk bind(Path there, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
    }
    Assumptions.assumeTrue(
        run("mount", "--bind", there.toString(), folder.toString()),
        "a folder cannot be mounted here");
    return new SmallDisk(folder);
  }

  void makeReadOnly() throws IOException {
    if (!run("mount", "-o", "remount,ro,bind", folder.toString())) {
      throw new IOException(folder + " cannot be made read-only");
    }
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (!run("umount", folder.toString())) {
      throw new IOException(folder + " is still mounted");
    }
  }
}
