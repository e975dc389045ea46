package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that a tree is, entry by entry, to compare it with another one. */
final class TreeImage {

  private TreeImage() {}

  /** Each entry's type, mode with all bits, owner, time, and content or target, by its path. */
  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> image = new TreeMap<>();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      image.put(root.relativize(path).toString(), describe(path));
    }
    return image;
  }

  private static String describe(Path path) throws IOException {
    Map<String, Object> all =
        Files.readAttributes(path, "unix:mode,uid,gid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    String owner = " " + all.get("uid") + ":" + all.get("gid");
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path) + owner;
    }
    String attributes =
        "%o%s %s".formatted((Integer) all.get("mode"), owner, all.get("lastModifiedTime"));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return attributes;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return attributes + " " + Sha256.of(in);
    }
  }
}
