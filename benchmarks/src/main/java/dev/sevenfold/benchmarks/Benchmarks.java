package dev.sevenfold.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the comparisons, each side in turn in the same process on the same data. Arguments: an empty
 * folder, megabytes of data, and optionally the names of comparisons.
 */
public final class Benchmarks {

  /** One comparison, which prints what it finds. */
  @FunctionalInterface
  private interface Comparison {
    void run(Path folder, int megabytes) throws Exception;
  }

  private static final Map<String, Comparison> ALL = new LinkedHashMap<>();

  static {
    ALL.put("sftp", SftpAgainstScp::run);
    ALL.put("extract", ExtractAgainstRows::run);
    ALL.put("restore", RestoreAgainstReinsert::run);
    ALL.put("gzip", GzipAgainstPigz::run);
  }

  private Benchmarks() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("Arguments: FOLDER MEGABYTES [" + String.join("] [", ALL.keySet()) + "]");
      System.exit(2);
    }
    List<String> chosen = List.of(args).subList(2, args.length);
    for (Map.Entry<String, Comparison> comparison : ALL.entrySet()) {
      if (chosen.isEmpty() || chosen.contains(comparison.getKey())) {
        Path folder = Files.createDirectories(Path.of(args[0]).resolve(comparison.getKey()));
        comparison.getValue().run(folder.toAbsolutePath(), Integer.parseInt(args[1]));
      }
    }
  }
}
