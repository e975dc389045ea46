package dev.sevenfold.examples.operator;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.examples.operator.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the driver of SQLite puts its native library while a command runs: the folder that Java's
 * option {@code -Dorg.sqlite.tmpdir} names, else the scratch folder of the config, else the
 * system's temporary one.
 */
final class NativeLibrary {

  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String DRIVER_LOG = "org.slf4j.simpleLogger.log.org.sqlite";

  private NativeLibrary() {}

  /** Lets the driver tell what it meets, stack traces included. To be called before it is used. */
  static void logWhenDebugging(String... arguments) {
    if (List.of(arguments).contains("--debug")) {
      System.setProperty(DRIVER_LOG, "warn");
    }
  }

  /**
   * Sees to it that a database can be opened.
   *
   * @throws OperationFailed if the library could not be put anywhere
   */
  static void prepare(Config config) {
    if (System.getProperty(FOLDER) == null) {
      config.scratch().ifPresent(scratch -> System.setProperty(FOLDER, scratch.toString()));
    }
    requireWritable(Path.of(System.getProperty(FOLDER, System.getProperty("java.io.tmpdir"))));
  }

  private static void requireWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "sevenfold-", ".tmp"));
    } catch (IOException e) {
      throw new OperationFailed(
          "SQLite's native library cannot be put into the folder " + folder + ": " + e,
          "Write the key scratch into the config: a folder that this user may write to",
          e);
    }
  }
}
