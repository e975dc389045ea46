package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.Handle;

/** The folder on the server, and what can be done in it in one step. Immutable. */
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

  private final String path;

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
    Handle handle = openNew(sftp, name);
    try {
      // While it is empty: the content is never readable by others, not for a moment.
      makePrivate(sftp, handle);
    } catch (RequestRefused e) {
      sftp.close(handle);
      sftp.remove(path(name));
      throw e;
    }
    return handle;
  }

  private static void makePrivate(Sftp sftp, Handle handle) throws IOException {
    try {
      sftp.setMode(handle, FILE_MODE);
    } catch (RequestRefused e) {
      if (!e.isUnsupported()) {
        throw e;
      }
    }
  }

  private Handle openNew(Sftp sftp, String name) throws IOException {
    return unlessTaken(
        sftp, name, () -> sftp.open(path(name), Sftp.WRITE | Sftp.CREATE | Sftp.EXCLUSIVE));
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
    if (!sftp.canReplace()) {
      overwrite(sftp, name, content, length);
      return;
    }
    String temporary = newTemporary();
    Handle handle = create(sftp, temporary);
    try {
      sftp.sendWrite(handle, 0, content, content.length).answer();
      sftp.sync(handle);
      sftp.close(handle);
      sftp.replace(path(temporary), path(name));
    } catch (RequestRefused e) {
      remove(sftp, temporary);
      throw e;
    }
    sync(sftp, name);
  }

  /**
   * Where a server cannot replace a file in one step: were it removed first, a reader would find
   * none. All who write write the same length at once, so that nothing of one is mixed into what
   * another wrote.
   */
  private void overwrite(Sftp sftp, String name, byte[] content, int length) throws IOException {
    boolean longer = look(sftp, name).filter(file -> file.size() > length).isPresent();
    if (longer) {
      sftp.remove(path(name)); // no store of this kind wrote it
    }
    byte[] filled = Arrays.copyOf(content, length);
    Arrays.fill(filled, content.length, length, (byte) ' ');
    Handle handle = sftp.open(path(name), Sftp.WRITE | Sftp.CREATE);
    try {
      makePrivate(sftp, handle);
      sftp.sendWrite(handle, 0, filled, length).answer();
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
          if (sftp.canLink()) {
            // Unlike a rename, a link never replaces a file, whoever put it there.
            sftp.link(path(temporary), path(name));
          } else {
            // By the protocol this does not replace either; should a server do it all the same,
            // the caller's lock keeps other stores away from the name in the meantime.
            sftp.rename(path(temporary), path(name));
          }
          return name;
        });
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

  /** Removes a file; false if there was none. */
  boolean remove(Sftp sftp, String name) throws IOException {
    return sftp.remove(path(name));
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
