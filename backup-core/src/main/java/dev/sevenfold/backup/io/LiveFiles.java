package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Reads files that rows name. What a row names is not trusted: nothing outside of the root is read,
 * no link is followed out of it, and above all no live database: opening one and closing it again
 * would drop the locks that SQLite holds on it in this process.
 */
public final class LiveFiles {

  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  /** A file that a row names, and why it is left out. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
      super(message);
    }
  }

  /** How often a file is read that changes each time. */
  private static final int ATTEMPTS = 3;

  /** Opens a file, as often as it is to be read. */
  @FunctionalInterface
  public interface Opening {
    InputStream open() throws IOException;
  }

  /** What others did to a file while it was read. */
  public enum State {
    /** Nothing. */
    RESTING,
    /** They wrote behind what was read: it is as it was when it was opened. */
    GROWING,
    /** They wrote to what was read: it may be of several moments. */
    CHANGING
  }

  /**
   * What was read of a file.
   *
   * @param before as it was when it was opened
   */
  public record Read(BasicFileAttributes before, Sha256.Content content, State state) {}

  private LiveFiles() {}

  /**
   * Digests a file that others may write to: no more of it than it had when it was opened, since a
   * log never ends. One that changed otherwise than by growing is read again, a few times.
   *
   * @param opening opens {@code file}
   */
  public static Read digest(Path file, Opening opening) throws IOException {
    Read read = digestOnce(file, opening);
    for (int again = 1; again < ATTEMPTS && read.state() == State.CHANGING; again++) {
      read = digestOnce(file, opening);
    }
    return read;
  }

  private static Read digestOnce(Path file, Opening opening) throws IOException {
    BasicFileAttributes before = DurableFiles.attributes(file);
    Sha256.Content content;
    try (InputStream in = atMost(before.size(), opening.open())) {
      content = Sha256.of(in);
    }
    BasicFileAttributes after = DurableFiles.attributes(file);
    State state = State.CHANGING;
    if (content.size() == before.size() && after.size() > before.size()) {
      state = State.GROWING;
    } else if (content.size() == before.size()
        && after.size() == before.size()
        && after.lastModifiedTime().equals(before.lastModifiedTime())) {
      state = State.RESTING;
    }
    return new Read(before, content, state);
  }

  /** Copies what a stream has to its end into a new file, which nobody but its owner may read. */
  public static Sha256.Content copy(InputStream in, Path to) throws IOException {
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                to,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixModes.ownFile(to)))) {
      return Sha256.copy(in, out);
    }
  }

  /** A stream that ends after so many bytes, if it has not ended before. */
  public static InputStream atMost(long size, InputStream in) throws IOException {
    return BoundedInputStream.builder().setInputStream(in).setMaxCount(size).get();
  }

  /** Opens a file of ours, and refuses a link in its place. */
  public static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Refuses what is no plain file below the root, and what looks like a live database.
   *
   * @return where it is, by no link; {@link HeldFolder#openFile} reads that and nothing else
   */
  public static Path requireReadable(Path root, Path file) throws IOException {
    BasicFileAttributes attributes = DurableFiles.attributes(file);
    if (!attributes.isRegularFile()) {
      throw new Unreadable(file + " is not a plain file" + whatElse(file, attributes));
    }
    Path real = DurableFiles.real(file);
    if (!real.startsWith(root.toRealPath())) {
      throw new Unreadable(file + " leads out of " + root);
    }
    if (isPartOfDatabase(file)) {
      throw new Unreadable(file + " is a database in use, or belongs to one");
    }
    return real;
  }

  private static String whatElse(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isDirectory()) {
      return ", but a folder";
    }
    if (!attributes.isSymbolicLink()) {
      return "";
    }
    return ", but a link to "
        + Files.readSymbolicLink(file)
        + (Files.exists(file) ? "" : ", where nothing is");
  }

  /** Whether a file is a SQLite database that is open, or one of its companions, by its name. */
  public static boolean isPartOfDatabase(Path file) {
    String name = String.valueOf(file.getFileName());
    for (String companion : COMPANIONS) {
      // Some file systems take both cases for one.
      if (name.toLowerCase(Locale.ROOT).endsWith(companion)
          || Files.exists(file.resolveSibling(name + companion))) {
        return true;
      }
    }
    return false;
  }

  /** Whether two paths are the same file, by a stat of each. */
  public static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
  }

  public static List<Path> withCompanions(Path database) {
    List<Path> files = new ArrayList<>(List.of(database));
    COMPANIONS.forEach(
        companion -> files.add(database.resolveSibling(database.getFileName() + companion)));
    return files;
  }
}
