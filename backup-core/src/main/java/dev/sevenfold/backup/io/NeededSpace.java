package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be written into which folders, and which of their file systems have no room for it.
 * Use from one thread.
 */
public final class NeededSpace {

  // A file takes whole blocks; this is the size of a block nearly everywhere.
  private static final long BLOCK = 4_096;

  /**
   * A file system without room.
   *
   * @param folder one on it
   * @param files how many are to be made there
   * @param bytes what is in them
   * @param free what there is
   */
  public record Lack(Path folder, long files, long bytes, long free) {

    /** What is needed, with the rest of each last block. */
    public long needed() {
      return bytes + files * BLOCK;
    }
  }

  /** What one file system is to take. */
  private static final class Sum {
    private final Path folder;
    private long files;
    private long bytes;

    Sum(Path folder) {
      this.folder = folder;
    }
  }

  private final Map<Path, Sum> byFolder = new HashMap<>();
  private final Map<Object, Sum> byDisk = new LinkedHashMap<>();

  /**
   * Adds a file, a folder or a link.
   *
   * @param folder where it goes; it need not be there yet
   */
  public void add(Path folder, long bytes) throws IOException {
    Sum sum = byFolder.get(folder);
    if (sum == null) {
      Path there = nearest(folder);
      sum = byDisk.computeIfAbsent(MountPoints.disk(there), disk -> new Sum(there));
      byFolder.put(folder, sum);
    }
    sum.files++;
    sum.bytes += bytes;
  }

  /** The file systems that have less than is needed. */
  public List<Lack> lacks() throws IOException {
    List<Lack> lacks = new ArrayList<>();
    for (Sum sum : byDisk.values()) {
      long free = Files.getFileStore(sum.folder).getUsableSpace();
      // Beyond 2^63 bytes the JDK wraps around. Not added up: the sum could, too.
      if (free >= 0 && sum.bytes > free - sum.files * BLOCK) {
        lacks.add(new Lack(sum.folder, sum.files, sum.bytes, free));
      }
    }
    return lacks;
  }

  /** A folder, or the nearest one above it that is there. */
  public static Path nearest(Path folder) {
    Path parent = folder.getParent();
    return DurableFiles.exists(folder) || parent == null ? folder : nearest(parent);
  }
}
