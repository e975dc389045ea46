package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import dev.sevenfold.backup.store.Folder;
import dev.sevenfold.backup.store.Folder.SmallFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Lists folders, reads small files and looks at names: as many at a time as the server has open,
 * and the next one is begun as soon as one is done, so that a line is waited for once for hundreds
 * of them. Each answer that was asked for is taken, and each handle closed, whatever fails, unless
 * the connection is gone. Use once, from one thread.
 */
final class RemoteBulk {

  /** So few are asked for while others are at work on the session, too. */
  private static final int FEW = 32;

  /** How many names are looked at with one wait; that opens nothing. */
  private static final int LOOKS_AT_A_TIME = 1024;

  /** A folder of a hundred files, and its end. Servers give a part of a larger one an answer. */
  private static final int FIRST_PARTS = 2;

  private static final int MOST_PARTS = 64;

  private static final int MAX_ATTEMPTS = 10;

  /** Of all folders that are being read. */
  private static final int ALL_PARTS = 256;

  /** Takes the answer to a request that is under way, and may send others. */
  @FunctionalInterface
  private interface Step {
    void take() throws IOException;
  }

  /** Sends the first requests about something. */
  @FunctionalInterface
  private interface Beginning {
    void begin(String name) throws IOException;
  }

  private final Sftp sftp;
  private final RemoteFolder remote;
  // Servers answer in this order.
  private final Deque<Step> underway = new ArrayDeque<>();
  private int open;
  private boolean opened;
  private @Nullable IOException failure;

  RemoteBulk(Sftp sftp, RemoteFolder remote) {
    this.sftp = sftp;
    this.remote = remote;
  }

  /**
   * What is in these folders, by name with the folder in front; nothing if one is not there yet.
   *
   * @param wanted whether to list what has this name in its folder
   */
  Map<String, Folder.Entry> list(List<String> folders, Predicate<String> wanted)
      throws IOException {
    Map<String, Folder.Entry> found = new HashMap<>();
    try {
      files(folders, folder -> new Listed(folder, wanted, found).begin());
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      requireListable();
      throw e;
    }
    requireListable();
    return found;
  }

  /**
   * Servers say of a file, too, that there is no such folder, and that must not look like a store
   * without archives. A folder that is there by now has come into being since, with nothing in it.
   */
  private void requireListable() throws IOException {
    if (!opened) {
      remote.find(sftp);
    }
  }

  /** Small files, by name, opened in this order; those that are not there are left out. */
  Map<String, SmallFile> read(List<String> names, int maxLength) throws IOException {
    Map<String, SmallFile> read = new HashMap<>();
    files(
        names,
        name -> {
          Pending<Handle> opening = sftp.sendOpen(remote.path(name), Sftp.READ);
          underway.add(() -> opened(name, opening, maxLength, read));
        });
    return read;
  }

  /** What is at these names, looked at in this order, links not followed. */
  Map<String, RemoteFile> look(List<String> names) throws IOException {
    Map<String, RemoteFile> found = new HashMap<>();
    all(
        names,
        LOOKS_AT_A_TIME,
        name -> {
          Pending<RemoteFile> looking = sftp.sendLook(remote.path(name));
          underway.add(
              () -> {
                open--;
                answer(looking).ifPresent(file -> found.put(name, file));
              });
        });
    return found;
  }

  private void files(List<String> names, Beginning beginning) throws IOException {
    if (names.size() <= FEW) {
      all(names, Math.min(FEW, sftp.filesAtATime()), beginning);
      return;
    }
    sftp.manyFiles().lock();
    try {
      all(names, sftp.filesAtATime(), beginning);
    } finally {
      sftp.manyFiles().unlock();
    }
  }

  /** Goes through all of them; begins nothing any more once one has failed. */
  private void all(List<String> names, int atATime, Beginning beginning) throws IOException {
    sftp.gather();
    try {
      take(names.iterator(), atATime, beginning);
    } finally {
      sftp.sendAll();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void take(Iterator<String> next, int atATime, Beginning beginning) throws IOException {
    while (true) {
      while (open < atATime && failure == null && next.hasNext()) {
        open++;
        beginning.begin(next.next());
      }
      Step step = underway.poll();
      if (step == null) {
        return;
      }
      step.take();
    }
  }

  /** The answer; empty if there is no such file, or it failed otherwise, which is kept. */
  private <T> Optional<T> answer(Pending<T> pending) throws ConnectionLost {
    try {
      return Optional.of(pending.answer());
    } catch (ConnectionLost e) {
      throw e; // the others have gone with it
    } catch (IOException e) {
      if (!(e instanceof RequestRefused refused && refused.isMissing())) {
        fail(e);
      }
      return Optional.empty();
    }
  }

  private void fail(IOException e) {
    if (failure == null) {
      failure = e;
    }
  }

  private void opened(
      String name, Pending<Handle> opening, int maxLength, Map<String, SmallFile> read)
      throws IOException {
    open--; // the handle is closed before another one is asked for
    try {
      Handle handle = opening.answer();
      Pending<Optional<Buffer>> reading = sftp.sendRead(handle, 0, maxLength + 1);
      sftp.closeUnanswered(handle);
      underway.add(() -> read.put(name, content(reading, maxLength)));
    } catch (RequestRefused e) {
      if (!e.isMissing()) {
        read.put(name, failing(e));
      }
    }
  }

  private static SmallFile content(Pending<Optional<Buffer>> reading, int maxLength)
      throws ConnectionLost {
    try {
      byte[] content = reading.answer().map(Buffer::getCompactData).orElse(new byte[0]);
      if (content.length > maxLength) {
        throw new IOException("it has more than " + maxLength + " bytes");
      }
      return () -> content;
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      return failing(e);
    }
  }

  private static SmallFile failing(IOException failure) {
    return () -> {
      throw failure;
    };
  }

  /** A folder that is being listed. */
  private final class Listed {

    private final String folder;
    private final Predicate<String> wanted;
    private final Map<String, Folder.Entry> found;
    private final Map<String, Folder.Entry> parts = new HashMap<>();
    private int attempt = 1;
    private int window = FIRST_PARTS;
    private int asked;
    private boolean ended;
    private boolean cut;

    Listed(String folder, Predicate<String> wanted, Map<String, Folder.Entry> found) {
      this.folder = folder;
      this.wanted = wanted;
      this.found = found;
    }

    void begin() throws IOException {
      // The folder itself may be reached through a link.
      Optional<Pending<RemoteFile>> looking =
          folder.isEmpty() ? Optional.empty() : Optional.of(sftp.sendLook(remote.path(folder)));
      Pending<Handle> opening = sftp.sendOpenFolder(remote.path(folder));
      underway.add(() -> opened(looking, opening));
    }

    private void opened(Optional<Pending<RemoteFile>> looking, Pending<Handle> opening)
        throws IOException {
      if (looking.isPresent()) {
        Optional<RemoteFile> there = answer(looking.get());
        try {
          remote.requireFolder(folder, there);
        } catch (IOException e) {
          fail(e); // before what the server says of it
        }
      }
      Optional<Handle> handle = answer(opening);
      if (handle.isEmpty()) {
        open--;
      } else if (failure != null) {
        close(handle.get());
      } else {
        opened = true;
        read(handle.get());
      }
    }

    private void read(Handle handle) throws IOException {
      for (; asked < window; asked++) {
        Pending<Optional<List<DirEntry>>> part = sftp.sendReadFolder(handle);
        underway.add(() -> take(handle, part));
      }
    }

    private void take(Handle handle, Pending<Optional<List<DirEntry>>> part) throws IOException {
      asked--;
      try {
        Optional<List<DirEntry>> some = part.answer();
        some.ifPresentOrElse(this::add, () -> ended = true);
      } catch (RequestRefused e) {
        refused(e);
      }
      if (asked > 0) {
        return;
      }
      if (failure != null) {
        close(handle);
      } else if (cut) {
        sftp.closeUnanswered(handle);
        beginAgain();
      } else if (ended) {
        close(handle);
        found.putAll(parts);
      } else {
        // A large one: its parts come faster than the line lets one ask for each.
        int more = Math.min(2 * window, MOST_PARTS);
        window = Math.max(FIRST_PARTS, Math.min(more, ALL_PARTS / open));
        read(handle);
      }
    }

    /** What is asked for after the end, a server may call a mistake. */
    private void refused(RequestRefused e) {
      if (ended) {
        return;
      }
      if (e.isMissing() && attempt < MAX_ATTEMPTS) {
        cut = true;
      } else {
        fail(e);
      }
    }

    /**
     * Some servers list nothing more of a folder once a file is gone that they were about to tell
     * of. What else is in it is then to be asked for again: a part of it is no listing.
     */
    private void beginAgain() throws IOException {
      attempt++;
      parts.clear();
      window = FIRST_PARTS;
      ended = false;
      cut = false;
      begin();
    }

    private void add(List<DirEntry> entries) {
      for (DirEntry entry : entries) {
        String name = entry.getFilename();
        if (wanted.test(name)) {
          parts.put(
              folder.isEmpty() ? name : folder + "/" + name,
              RemoteFile.of(entry.getAttributes()).entry());
        }
      }
    }

    private void close(Handle handle) {
      open--;
      sftp.closeUnanswered(handle);
    }
  }
}
