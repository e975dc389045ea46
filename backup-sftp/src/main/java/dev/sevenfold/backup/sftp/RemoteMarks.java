package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of the archives of a folder, each in a small file beside its archive. Those of many
 * archives are read at a time, so that a list does not take as long as its archives are many times
 * the way to the server. Thread-safe.
 */
final class RemoteMarks {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteMarks.class);

  /**
   * What unreadable marks are taken for. They may have pinned the archive, and an archive that was
   * kept in vain costs less than one that is gone; whether it is good has to be proven again.
   */
  private static final Marks UNREADABLE = Marks.NONE.withPinned(true);

  /** Servers bound the number of open files. */
  private static final int AT_A_TIME = 32;

  private final RemoteFolder folder;
  private final Set<Label> warned = ConcurrentHashMap.newKeySet();

  RemoteMarks(RemoteFolder folder) {
    this.folder = folder;
  }

  private String path(Label label) {
    return folder.path(ArchiveFileName.marksOf(label));
  }

  /** The marks of an archive. */
  Marks read(Sftp sftp, Label label) throws IOException {
    return readAll(sftp, List.of(label)).getOrDefault(label, Marks.NONE);
  }

  /** The marks of many archives. One bad file does not take the others along. */
  Map<Label, Marks> readAll(Sftp sftp, List<Label> labels) throws IOException {
    Map<Label, Marks> marks = new LinkedHashMap<>();
    for (int from = 0; from < labels.size(); from += AT_A_TIME) {
      int to = Math.min(from + AT_A_TIME, labels.size());
      readSome(sftp, labels.subList(from, to), marks);
    }
    return marks;
  }

  private void readSome(Sftp sftp, List<Label> labels, Map<Label, Marks> marks) throws IOException {
    Map<Label, Pending<Handle>> opening = new LinkedHashMap<>();
    for (Label label : labels) {
      opening.put(label, sftp.sendOpen(path(label), Sftp.READ));
    }
    Map<Label, Pending<Optional<Buffer>>> reading = new LinkedHashMap<>();
    for (var opened : opening.entrySet()) {
      Label label = opened.getKey();
      Handle handle = handle(label, opened.getValue(), marks);
      if (handle != null) {
        reading.put(label, sftp.sendRead(handle, 0, MarksFile.MAX_LENGTH + 1));
        sftp.closeUnanswered(handle);
      }
    }
    for (var read : reading.entrySet()) {
      Label label = read.getKey();
      marks.put(label, read(label, read.getValue()));
    }
  }

  private @Nullable Handle handle(Label label, Pending<Handle> opening, Map<Label, Marks> marks)
      throws IOException {
    try {
      return opening.answer();
    } catch (RequestRefused e) {
      if (!e.isMissing()) {
        marks.put(label, unreadable(label, e));
      }
      return null;
    }
  }

  private Marks read(Label label, Pending<Optional<Buffer>> reading) throws ConnectionLost {
    try {
      byte[] bytes = reading.answer().map(Buffer::getCompactData).orElse(new byte[0]);
      if (bytes.length > MarksFile.MAX_LENGTH) {
        throw new IOException("it has more than " + MarksFile.MAX_LENGTH + " bytes");
      }
      Marks marks = MarksFile.read(bytes);
      warned.remove(label);
      return marks;
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      return unreadable(label, e);
    }
  }

  private Marks unreadable(Label label, IOException e) {
    if (warned.add(label)) {
      LOG.warn(
          "The marks of archive {} in {} cannot be read ({}). It is treated as pinned and not"
              + " proven until it is marked again",
          label,
          path(label),
          e.toString());
    }
    return UNREADABLE;
  }

  /** Replaces the marks of an archive. Durable once this returns. */
  void write(Sftp sftp, Label label, Marks marks) throws IOException {
    folder.replace(
        sftp, ArchiveFileName.marksOf(label), MarksFile.write(marks), MarksFile.FILLED_LENGTH);
  }

  private Optional<Marks> find(Sftp sftp, Label label) throws IOException {
    return Optional.ofNullable(readAll(sftp, List.of(label)).get(label));
  }

  /**
   * Gives the archive that is about to be {@code to} the marks of {@code from}; gives what it has
   * now.
   */
  Optional<Marks> copy(Sftp sftp, Label from, Label to) throws IOException {
    Optional<Marks> marks = find(sftp, from);
    if (marks.isPresent()) {
      write(sftp, to, marks.get());
    } else {
      delete(sftp, to);
    }
    return marks;
  }

  /**
   * Completes {@link #copy} after the archive has moved; takes along what was marked meanwhile,
   * unless it was marked under its new label too.
   *
   * @param copied what was copied
   */
  void move(Sftp sftp, Label from, Label to, Optional<Marks> copied) throws IOException {
    Optional<Marks> last = find(sftp, from);
    if (last.isEmpty()) {
      return;
    }
    if (!last.equals(copied) && find(sftp, to).equals(copied)) {
      write(sftp, to, last.get());
    }
    delete(sftp, from);
  }

  /** Removes marks, if there are any. */
  void delete(Sftp sftp, Label label) throws IOException {
    folder.remove(sftp, ArchiveFileName.marksOf(label));
  }
}
