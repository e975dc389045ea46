package dev.sevenfold.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where a store in a folder keeps its files: written down a second time, for tests. */
public final class StoreFiles {

  private static final List<String> OF_NO_ARCHIVE =
      List.of(".sevenfold-store.json", ".sevenfold-deleted");

  private StoreFiles() {}

  /** The folder of the owner of the archive with this label. */
  public static Path folder(Path store, Object label) {
    return store.resolve(
        label.toString().replaceFirst("_[-0-9]+$", "").replaceFirst("^safety_", "tenant_"));
  }

  /** A file of an archive. */
  public static Path file(Path store, Object label, String suffix) {
    return folder(store, label).resolve(label + suffix);
  }

  /** The names of all files in a store, wherever in it, that go with an archive; sorted. */
  public static List<String> names(Path store) throws IOException {
    return all(store).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> !OF_NO_ARCHIVE.contains(name))
        .sorted()
        .toList();
  }

  /** All files in a store, wherever in it. */
  public static List<Path> all(Path store) throws IOException {
    if (!Files.exists(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> !Files.isDirectory(file)).toList();
    }
  }
}
