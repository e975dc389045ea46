package dev.sevenfold.backup.system;

import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which processes have files open, as Linux tells under {@code /proc}. Sees processes of the same
 * user, and as root all of them, but not those of another container: that none is found does not
 * mean that there is none.
 */
public final class OpenFiles {

  private static final Path PROC = Path.of("/proc");

  private OpenFiles() {}

  /** One sentence for each process and file; empty where nothing is found, or nothing can be. */
  public static List<String> find(List<Path> files) {
    Map<Object, Path> keys = new HashMap<>();
    for (Path file : files) {
      Object key = DurableFiles.key(file);
      if (key != null) {
        keys.put(key, file);
      }
    }
    if (keys.isEmpty() || !Files.isDirectory(PROC)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        for (Path file : open(process, keys)) {
          found.add("Process %s has %s open".formatted(describe(process), file));
        }
      }
    } catch (IOException e) {
      // Processes come and go; what can be seen is seen.
      return found;
    }
    return found;
  }

  private static List<Path> open(Path process, Map<Object, Path> keys) {
    List<Path> open = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path file = keys.get(DurableFiles.key(descriptor));
        if (file != null && !open.contains(file)) {
          open.add(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another user's, or gone.
      return open;
    }
    return open;
  }

  private static String describe(Path process) {
    String id = String.valueOf(process.getFileName());
    if (id.equals(Long.toString(ProcessHandle.current().pid()))) {
      return id + " (this one)";
    }
    try {
      return id + " (" + Files.readString(process.resolve("comm")).strip() + ")";
    } catch (IOException e) {
      return id;
    }
  }
}
