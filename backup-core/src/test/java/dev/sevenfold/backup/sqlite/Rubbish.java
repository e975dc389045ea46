package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.io.DurableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;

/** What a bruised machine has in the places of a system. */
final class Rubbish {

  private static final int KINDS = 6;

  private Rubbish() {}

  /** Puts something at random into each place, over what is there. */
  static void strew(SystemWorld world, Random random) throws Exception {
    new DurableFiles().deleteAll(world.folder());
    Files.createDirectories(world.folder());
    if (random.nextInt(4) == 0) {
      Files.writeString(world.folder().resolve("db"), "a file in the place of a folder");
    } else {
      Files.createDirectories(world.folder().resolve("db"));
    }
    for (Path database : List.of(world.primary(), world.queue(), world.cache())) {
      if (Files.isDirectory(DurableFiles.folderOf(database))) {
        put(database, random);
        for (String companion : List.of("-wal", "-shm", "-journal")) {
          put(database.resolveSibling(database.getFileName() + companion), random);
        }
      }
    }
    put(world.uploads(), random);
  }

  private static void put(Path place, Random random) throws Exception {
    switch (random.nextInt(KINDS)) {
      case 0 -> Files.write(place, garbage(random));
      case 1 -> {
        Files.createDirectories(place.resolve("inside"));
        Files.write(place.resolve("inside").resolve("file"), garbage(random));
      }
      case 2 ->
          SystemWorld.execute(
              place, "CREATE TABLE state (generation)", "INSERT INTO state VALUES (9)");
      case 3 -> {
        SystemWorld.execute(place, "CREATE TABLE state (generation)");
        byte[] pages = Files.readAllBytes(place);
        System.arraycopy(garbage(random), 0, pages, 100, 500);
        Files.write(place, pages);
      }
      case 4 -> {
        Files.write(place, garbage(random));
        Assertions.assertTrue(place.toFile().setReadOnly());
      }
      default -> {}
    }
  }

  private static byte[] garbage(Random random) {
    byte[] garbage = new byte[500 + random.nextInt(20_000)];
    random.nextBytes(garbage);
    return garbage;
  }
}
