package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder on the server, and what can be done in it in one step. Thread-safe. */
final class RemoteFolder {

  private static final int FOLDER_MODE = 0700;
  private static final int FILE_MODE = 0600;

  // As many as may be after the same name at a time: each can be in the way but once.
  private static final int MAX_ATTEMPTS = 10;

  /** Looks for a name, or brings it into being, if it is free. */
  @FunctionalInterface
  private interface Naming<T> {
    T attempt() throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(RemoteFolder.class);

  private final String path;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean replaces = true;

  RemoteFolder(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** The path of a file or folder in it, or for the empty name its own. */
  String path(String name) {
    if (name.isEmpty()) {
      return path;
    }
    return path.endsWith("/") ? path + name : path + "/" + name;
  }

  /** A name that no other upload has; of the kind that a store sweeps away when it is old. */
  static String newTemporary() {
    return ".upload-" + UUID.randomUUID();
  }

  /** Creates the folder if it is missing, but not those above it: they are the operator's. */
  void ensureExists(Sftp sftp) throws IOException {
    makeUnlessThere(sftp, path, () -> find(sftp));
  }

  /** Creates the folder in front of a name, if there is one and it is missing. */
  void ensureFolderOf(Sftp sftp, String name) throws IOException {
    for (String folder : folders(List.of(name))) {
      makeUnlessThere(sftp, path(folder), () -> requireFolder(folder, look(sftp, folder)));
    }
  }

  private static void makeUnlessThere(Sftp sftp, String path, Naming<Optional<RemoteFile>> looking)
      throws IOException {
    if (looking.attempt().isPresent()) {
      return;
    }
    try {
      sftp.makeFolder(path, FOLDER_MODE);
    } catch (RequestRefused e) {
      // Another store may have been faster.
      if (looking.attempt().isEmpty()) {
        throw e;
      }
    }
  }

  /** Within the folder links are not followed. */
  Optional<RemoteFile> requireFolder(String name, Optional<RemoteFile> file) throws IOException {
    if (file.isPresent() && !file.get().entry().folder()) {
      throw new IOException(path(name) + " is not a folder");
    }
    return file;
  }

  /** The folder itself, if it is there; fails where a file is in its place. */
  Optional<RemoteFile> find(Sftp sftp) throws IOException {
    Optional<RemoteFile> found = sftp.lookThrough(path);
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new IOException(path + " is not a folder");
    }
    return found;
  }

  /**
   * Those of the names that there are files under.
   *
   * @throws IOException if one has something in front that is no folder
   */
  Map<String, RemoteFile> look(Sftp sftp, List<String> names) throws IOException {
    Set<String> folders = folders(names);
    Map<String, RemoteFile> found =
        new RemoteBulk(sftp, this).look(Stream.concat(folders.stream(), names.stream()).toList());
    for (String folder : folders) {
      requireFolder(folder, Optional.ofNullable(found.remove(folder)));
    }
    return found;
  }

  /** The folders in front of names. */
  private static Set<String> folders(List<String> names) {
    return names.stream()
        .filter(name -> name.contains("/"))
        .map(name -> name.substring(0, name.indexOf('/')))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** What is under a name. */
  Optional<RemoteFile> look(Sftp sftp, String name) throws IOException {
    return sftp.look(path(name));
  }

  /**
   * Creates a file that is not there yet; gives its handle, to write to.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  Handle create(Sftp sftp, String name) throws IOException {
    Handle handle =
        unlessTaken(
            sftp, name, () -> sftp.create(path(name), Sftp.WRITE | Sftp.EXCLUSIVE, FILE_MODE));
    // While it is empty: the content is never readable by others, not for a moment.
    makePrivate(sftp, handle);
    return handle;
  }

  /**
   * Files are asked for as private ones, so that a server need not allow to change them; only where
   * that was not enough is the mode set. A server that does neither gets files all the same: their
   * being missing is worse, and one warning says so.
   */
  private void makePrivate(Sftp sftp, Handle handle) throws IOException {
    if (isPrivate(sftp, handle)) {
      return;
    }
    try {
      sftp.setMode(handle, FILE_MODE);
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        throw e;
      }
      if (!warned.getAndSet(true)) {
        LOG.warn(
            "Others on the server may be able to read the files of {}: it gives new ones other"
                + " permissions than 600 and does not let them be changed ({}). Set the umask of"
                + " the account's SFTP to 077 (internal-sftp -u 077), or allow it setstat",
            path,
            e.getMessage());
      }
    }
  }

  private static boolean isPrivate(Sftp sftp, Handle handle) throws IOException {
    try {
      return sftp.look(handle).isPrivate();
    } catch (RequestRefused e) {
      return false;
    }
  }

  /** The content of a small file; empty if there is none. */
  Optional<byte[]> read(Sftp sftp, String name, int maxLength) throws IOException {
    Handle handle;
    try {
      handle = sftp.open(path(name), Sftp.READ);
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
    Pending<Optional<Buffer>> reading = sftp.sendRead(handle, 0, maxLength);
    sftp.closeUnanswered(handle);
    return Optional.of(reading.answer().map(Buffer::getCompactData).orElse(new byte[0]));
  }

  /** Creates a small file that is not there yet. */
  void write(Sftp sftp, String name, byte[] content) throws IOException {
    Handle handle = create(sftp, name);
    Pending<Boolean> writing = sftp.sendWrite(handle, 0, content, content.length);
    Pending<Boolean> closing = sftp.sendClose(handle);
    writing.answer();
    closing.answer();
  }

  /**
   * Puts a small file in place, in the place of what was there. Durable on return. There is no
   * moment at which nothing has the name.
   *
   * @param length what the content is filled up to with spaces, where it has to be written over
   *     what was there
   */
  void replace(Sftp sftp, String name, byte[] content, int length) throws IOException {
    if (replaces && sftp.canReplace() && isReplaced(sftp, name, content)) {
      sync(sftp, name);
    } else {
      overwrite(sftp, name, content, length);
      replaces = false; // once that did it: the one file alone may be somebody else's
    }
  }

  /** In as many requests as it takes: a longer one than it knows ends OpenSSH's connection. */
  private static void put(Sftp sftp, Handle handle, byte[] content) throws IOException {
    List<Pending<Boolean>> writing = new ArrayList<>();
    for (int from = 0; from < content.length; from += sftp.chunkLength()) {
      int length = Math.min(sftp.chunkLength(), content.length - from);
      byte[] part = Arrays.copyOfRange(content, from, from + length);
      writing.add(sftp.sendWrite(handle, from, part, length));
    }
    for (Pending<Boolean> part : writing) {
      part.answer();
    }
  }

  /** Where files can only be added, none is put in the place of another. */
  private boolean isReplaced(Sftp sftp, String name, byte[] content) throws IOException {
    String temporary = newTemporary();
    Handle handle = create(sftp, temporary);
    boolean whole = false;
    try {
      put(sftp, handle, content);
      sftp.sync(handle);
      sftp.close(handle);
      whole = true;
      sftp.replace(path(temporary), path(name));
      return true;
    } catch (RequestRefused e) {
      removeIfAllowed(sftp, temporary);
      if (whole && e.isForbidden()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Where a server cannot replace a file in one step: were it removed first, a reader would find
   * none. All who write write the same length at once, so that nothing of one is mixed into what
   * another wrote. Who deletes the archive meanwhile removes this file of its from under the
   * writer, who begins again; whether the archive is still there is the caller's question.
   */
  private void overwrite(Sftp sftp, String name, byte[] content, int length) throws IOException {
    byte[] filled = Arrays.copyOf(content, length);
    Arrays.fill(filled, content.length, length, (byte) ' ');
    for (int attempt = 1; ; attempt++) {
      try {
        overwrite(sftp, name, filled);
        return;
      } catch (RequestRefused e) {
        if (!e.isMissing() || attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void overwrite(Sftp sftp, String name, byte[] filled) throws IOException {
    boolean longer = look(sftp, name).filter(file -> file.size() > filled.length).isPresent();
    if (longer) {
      sftp.remove(path(name)); // no store of this kind wrote it
    }
    Handle handle = sftp.create(path(name), Sftp.WRITE, FILE_MODE);
    try {
      makePrivate(sftp, handle);
      put(sftp, handle, filled);
      sftp.sync(handle);
    } finally {
      sftp.closeUnanswered(handle);
    }
  }

  /**
   * Gives a finished file its name, unless the name is taken.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  void nameExclusively(Sftp sftp, String temporary, String name) throws IOException {
    unlessTaken(
        sftp,
        name,
        () -> {
          if (!isLinked(sftp, temporary, name)) {
            // By the protocol this does not replace either; should a server do it all the same,
            // the caller's lock keeps other stores away from the name in the meantime.
            sftp.rename(path(temporary), path(name));
          }
          return name;
        });
  }

  private boolean isLinked(Sftp sftp, String temporary, String name) throws IOException {
    try {
      if (sftp.canLink()) {
        // Unlike a rename, a link never replaces a file, whoever put it there.
        sftp.link(path(temporary), path(name));
        return true;
      }
    } catch (RequestRefused e) {
      // The file system may have none, or the account no right to them.
      if (!e.isForbidden() || look(sftp, name).isPresent()) {
        throw e;
      }
    }
    return false;
  }

  /**
   * OpenSSH has the same code for a taken name as for any other failure, and what was in the way
   * may be gone by the time that one looks for it: a lock is held but for a moment.
   */
  private <T> T unlessTaken(Sftp sftp, String name, Naming<T> naming) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return naming.attempt();
      } catch (RequestRefused e) {
        if (e.isTaken() || (!e.isMissing() && look(sftp, name).isPresent())) {
          FileAlreadyExistsException taken = new FileAlreadyExistsException(path(name));
          taken.initCause(e);
          throw taken;
        }
        if (e.isTelling() || attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Removes a file, unless the server lets nobody remove any. */
  void removeIfAllowed(Sftp sftp, String name) throws IOException {
    try {
      remove(sftp, name);
    } catch (RequestRefused e) {
      if (!e.isDenied()) {
        throw e;
      }
    }
  }

  /** Removes a file; false if there was none. */
  boolean remove(Sftp sftp, String name) throws IOException {
    try {
      return sftp.remove(path(name));
    } catch (RequestRefused e) {
      // Who may remove nothing is told so of what is not there, too.
      if (e.isDenied() && look(sftp, name).isEmpty()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Returns once a file and its name are on the server's disk. The protocol cannot do that for a
   * folder; the file systems of today write a new name out together with its file. A file that
   * somebody has deleted or renamed since has no name to write out.
   */
  void sync(Sftp sftp, String name) throws IOException {
    Handle handle;
    try {
      handle = sftp.open(path(name), Sftp.READ);
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return;
      }
      throw e;
    }
    try {
      sftp.sync(handle);
    } finally {
      sftp.closeUnanswered(handle);
    }
  }
}
