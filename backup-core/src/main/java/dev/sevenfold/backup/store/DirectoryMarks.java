package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of the archives of one folder, each in a small file beside its archive. Thread-safe.
 */
final class DirectoryMarks {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryMarks.class);

  /**
   * What unreadable marks are taken for. They may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be proven again.
   */
  private static final Marks UNREADABLE = Marks.NONE.withPinned(true);

  private static final byte[] NONE = {};

  private final DurableFolder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  DirectoryMarks(DurableFolder folder) {
    this.folder = folder;
  }

  private Path file(Label label) {
    return folder.file(ArchiveFileName.marksOf(label));
  }

  /** The marks of an archive; never fails, so that one bad file does not take the list along. */
  Marks read(Label label) {
    try {
      Optional<byte[]> bytes = readBytes(label);
      Marks marks = bytes.isPresent() ? MarksFile.read(bytes.get()) : Marks.NONE;
      warned.remove(label);
      return marks;
    } catch (IOException e) {
      if (warned.add(label)) {
        LOG.warn(
            "The marks of archive {} in {} cannot be read ({}). It is treated as pinned and not"
                + " proven until it is marked again",
            label,
            file(label),
            e.toString());
      }
      return UNREADABLE;
    }
  }

  private Optional<byte[]> readBytes(Label label) throws IOException {
    try (InputStream in = Files.newInputStream(file(label), LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(MarksFile.MAX_LENGTH + 1);
      if (bytes.length > MarksFile.MAX_LENGTH) {
        throw new IOException("it has more than " + MarksFile.MAX_LENGTH + " bytes");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces the marks of an archive. Durable once this returns. */
  void write(Label label, Marks marks) throws IOException {
    folder.replace(file(label), MarksFile.write(marks));
    folder.sync();
  }

  /**
   * Gives the archive that is about to be {@code to} the marks of {@code from}; gives what it has
   * now, empty if that is none.
   */
  byte[] copy(Label from, Label to) throws IOException {
    byte[] marks = readBytes(from).orElse(NONE);
    if (marks.length > 0) {
      folder.replace(file(to), marks);
    } else {
      delete(to);
    }
    folder.sync();
    return marks;
  }

  /**
   * Completes {@link #copy} after the archive has moved; takes along what was marked meanwhile,
   * unless it was marked under its new label too.
   *
   * @param copied what was copied
   */
  void move(Label from, Label to, byte[] copied) throws IOException {
    byte[] last = readBytes(from).orElse(NONE);
    if (last.length > 0
        && !Arrays.equals(last, copied)
        && Arrays.equals(readBytes(to).orElse(NONE), copied)) {
      folder.replace(file(to), last);
    }
    if (delete(from)) {
      folder.sync();
    }
  }

  /** Whether there are any, readable or not. */
  boolean areThere(Label label) throws IOException {
    return folder.attributes(file(label)) != null;
  }

  /** Removes marks, if there are any. Not yet synced. */
  boolean delete(Label label) throws IOException {
    return Files.deleteIfExists(file(label));
  }
}
