package dev.sevenfold.backup.sqlite;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that restores a system, and dies on the way without a chance to tidy up.
 *
 * <p>Arguments: the folder, the archive, how many changes to the disk it lives to make.
 */
final class KilledSystemRestore {

  static final int KILLED = 137;

  private KilledSystemRestore() {}

  public static void main(String[] args) throws IOException {
    MortalDisk disk =
        new MortalDisk(Integer.parseInt(args[2]), () -> Runtime.getRuntime().halt(KILLED));
    SystemWorld.restore(
        SqliteSystemTarget.builder(Path.of(args[0])).discardReplaced().disk(() -> disk).build(),
        Path.of(args[1]));
  }
}
