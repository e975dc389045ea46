package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtensionInfo;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatPathExtension;
import org.apache.sshd.sftp.client.impl.DefaultCloseableHandle;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store asks of SFTP, version 3, and of the extensions that OpenSSH added to it; the library
 * speaks the protocol. What is called {@code send…} does not wait for the answer, so that many
 * requests can be under way. Every call ends within the time that the settings allow, with an
 * answer, a {@link RequestRefused} or a {@link ConnectionLost}. Thread-safe.
 */
final class Sftp implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sftp.class);

  static final int READ = SftpConstants.SSH_FXF_READ;
  static final int WRITE = SftpConstants.SSH_FXF_WRITE;
  static final int CREATE = SftpConstants.SSH_FXF_CREAT;
  static final int EXCLUSIVE = SftpConstants.SSH_FXF_EXCL;

  private static final String HARD_LINK = "hardlink@openssh.com";
  private static final String FSYNC = "fsync@openssh.com";

  /** What every server takes in one request. */
  private static final int COMMON_CHUNK = 32 * 1024;

  private static final int LEAST_CHUNK = 1024;

  /** What the library and OpenSSH take for a packet, less the fields around the data in it. */
  private static final int LARGEST_CHUNK = 256 * 1024 - 1024;

  /** What the library puts before a request, in place. */
  private static final int HEADER_LENGTH = 9;

  /** Writing everything out may take a disk long, while it serves nobody else. */
  private static final int SYNC_PATIENCE = 10;

  /** A request under way. */
  record Pending(int command, int id) {}

  /** A question that the library puts to the server. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** A request that is answered with no more than that it was carried out. */
  @FunctionalInterface
  private interface Task {
    void tell() throws IOException;
  }

  private final SftpSession session;
  private final Duration patience;
  private final int chunkLength;

  private Sftp(SftpSession session, Duration patience) throws IOException {
    this.session = session;
    this.patience = patience;
    this.chunkLength = negotiateChunkLength();
  }

  /** Starts SFTP on a connection. */
  static Sftp on(ClientSession connection, Duration patience) throws IOException {
    SftpSession session = SftpSession.on(connection, patience);
    try {
      return new Sftp(session, patience);
    } catch (IOException | RuntimeException e) {
      session.getClientChannel().close(true);
      throw e;
    }
  }

  private int negotiateChunkLength() throws IOException {
    OpenSSHLimitsExtension extension = session.getExtension(OpenSSHLimitsExtension.class);
    if (!extension.isSupported()) {
      return COMMON_CHUNK;
    }
    OpenSSHLimitsExtensionInfo limits = ask("Asking for limits", extension::limits);
    // Zero stands for "not said".
    long read = limits.maxReadLength > 0 ? limits.maxReadLength : LARGEST_CHUNK;
    long write = limits.maxWriteLength > 0 ? limits.maxWriteLength : LARGEST_CHUNK;
    return (int) Math.max(Math.min(LARGEST_CHUNK, Math.min(read, write)), LEAST_CHUNK);
  }

  /** How many bytes to read or write with one request. */
  int chunkLength() {
    return chunkLength;
  }

  boolean isOpen() {
    return session.isOpen();
  }

  private boolean offers(String extension) {
    return session.getServerExtensions().containsKey(extension);
  }

  boolean canLink() {
    return offers(HARD_LINK);
  }

  boolean canReplace() {
    return session.getExtension(OpenSSHPosixRenameExtension.class).isSupported();
  }

  /** Opens a file; gives its handle. */
  Handle open(String path, int flags) throws IOException {
    return opened(path, sendOpen(path, flags));
  }

  /** Waits for what was to be opened. */
  Handle opened(String path, Pending opening) throws IOException {
    return ask(
        "Opening " + path,
        () -> new DefaultCloseableHandle(session, path, session.handle(answer(opening))));
  }

  Pending sendOpen(String path, int flags) throws IOException {
    Buffer request = request(path);
    request.putUInt(flags);
    request.putUInt(0); // no attributes
    return send(SftpConstants.SSH_FXP_OPEN, request);
  }

  void close(Handle handle) throws IOException {
    reply("Closing " + handle.getPath(), sendClose(handle)).done();
  }

  /** Closes what was opened, without waiting; with the connection, the handle is gone, too. */
  void closeUnanswered(Handle handle) {
    try {
      forget(sendClose(handle));
    } catch (IOException e) {
      LOG.debug("{} was not closed", handle.getPath(), e);
    }
  }

  Pending sendClose(Handle handle) throws IOException {
    return send(SftpConstants.SSH_FXP_CLOSE, request(handle, 0));
  }

  Pending sendRead(Handle handle, long offset, int length) throws IOException {
    Buffer request = request(handle, 12);
    request.putLong(offset);
    request.putUInt(length);
    return send(SftpConstants.SSH_FXP_READ, request);
  }

  Pending sendWrite(Handle handle, long offset, byte[] bytes, int length) throws IOException {
    Buffer request = request(handle, 12 + length);
    request.putLong(offset);
    request.putBytes(bytes, 0, length);
    return send(SftpConstants.SSH_FXP_WRITE, request);
  }

  private Pending send(int command, Buffer request) throws IOException {
    return new Pending(command, session.send(command, request));
  }

  private static Buffer request(int length) {
    Buffer request = new ByteArrayBuffer(HEADER_LENGTH + length, false);
    request.wpos(HEADER_LENGTH);
    request.rpos(HEADER_LENGTH);
    return request;
  }

  private static Buffer request(String text) {
    Buffer request = request(text.length() + 64);
    request.putString(text, UTF_8);
    return request;
  }

  private static Buffer request(Handle handle, int length) {
    Buffer request = request(Integer.BYTES + handle.length() + length);
    request.putBytes(handle.getIdentifier());
    return request;
  }

  /** Waits for the answer to a request that was sent before. */
  Reply reply(String what, Pending pending) throws IOException {
    return new Reply(what, answer(pending));
  }

  private SftpResponse answer(Pending pending) throws IOException {
    return session.answer(pending.command, pending.id, patience);
  }

  /** Lets the answer to a request be dropped when it comes. */
  void forget(Pending pending) {
    session.forget(pending.id);
  }

  /** The answer to a request that was sent. */
  final class Reply {

    private final String what;
    private final SftpResponse answer;

    private Reply(String what, SftpResponse answer) {
      this.what = what;
      this.answer = answer;
    }

    /** Requires that it was done. */
    void done() throws IOException {
      tell(what, () -> session.requireDone(answer));
    }

    /**
     * The bytes that were read, at least one; empty at the end of the file.
     *
     * @param most how many were asked for
     */
    Optional<Buffer> data(int most) throws IOException {
      Optional<Buffer> data = ask(what, () -> session.data(answer, most));
      if (data.isPresent() && data.get().available() == 0) {
        throw new IOException(what + ": " + most + " bytes were asked for, none came");
      }
      return data;
    }

    /** Copies the bytes that were read; gives how many they are, -1 at the end of the file. */
    int readInto(byte[] bytes, int most) throws IOException {
      Optional<Buffer> data = data(most);
      int length = data.map(Buffer::available).orElse(-1);
      data.ifPresent(read -> read.getRawBytes(bytes, 0, length));
      return length;
    }
  }

  /** What is at each path, links not followed; paths where nothing is are left out. */
  Map<String, RemoteFile> look(List<String> paths) throws IOException {
    Map<String, Pending> asked = new LinkedHashMap<>();
    for (String path : paths) {
      asked.put(path, send(SftpConstants.SSH_FXP_LSTAT, request(path)));
    }
    Map<String, RemoteFile> found = new LinkedHashMap<>();
    for (Map.Entry<String, Pending> one : asked.entrySet()) {
      String path = one.getKey();
      askIfThere("Looking at " + path, () -> session.attributes(answer(one.getValue())))
          .ifPresent(attributes -> found.put(path, RemoteFile.of(attributes)));
    }
    return found;
  }

  /** What is at a path, links not followed. */
  Optional<RemoteFile> look(String path) throws IOException {
    return Optional.ofNullable(look(List.of(path)).get(path));
  }

  /** What is at a path or where it leads to. */
  Optional<RemoteFile> lookThrough(String path) throws IOException {
    return askIfThere("Looking at " + path, () -> session.stat(path)).map(RemoteFile::of);
  }

  /** Sets the permissions of an open file. */
  void setMode(Handle handle, int permissions) throws IOException {
    tell(
        "Setting the permissions of " + handle.getPath(),
        () -> session.setStat(handle, new Attributes().perms(permissions)));
  }

  /** Makes a folder that has these permissions from its first moment; the library's has not. */
  void makeFolder(String path, int permissions) throws IOException {
    Buffer request = request(path);
    request.putUInt(SftpConstants.SSH_FILEXFER_ATTR_PERMISSIONS);
    request.putUInt(permissions);
    reply("Creating folder " + path, send(SftpConstants.SSH_FXP_MKDIR, request)).done();
  }

  /** Names and attributes of everything in a folder, {@code .} and {@code ..} among them. */
  Map<String, RemoteFile> list(String path) throws IOException {
    return ask(
        "Listing " + path,
        () -> {
          Handle handle = session.openDir(path);
          try {
            Map<String, RemoteFile> files = new LinkedHashMap<>();
            List<DirEntry> part = session.readDir(handle);
            while (part != null) {
              part.forEach(e -> files.put(e.getFilename(), RemoteFile.of(e.getAttributes())));
              part = session.readDir(handle);
            }
            return files;
          } finally {
            closeUnanswered(handle);
          }
        });
  }

  /** Removes a file; false if there was none. */
  boolean remove(String path) throws IOException {
    return askIfThere(
            "Removing " + path,
            () -> {
              session.remove(path);
              return true;
            })
        .isPresent();
  }

  /** Renames a file; as version 3 has it, this fails where the new name is taken. */
  void rename(String from, String to) throws IOException {
    tell(names("Renaming", from, to), () -> session.rename(from, to));
  }

  /** Renames a file, atomically, in the place of what has the name. */
  void replace(String from, String to) throws IOException {
    OpenSSHPosixRenameExtension rename = session.getExtension(OpenSSHPosixRenameExtension.class);
    tell(names("Renaming", from, to), () -> rename.posixRename(from, to));
  }

  /** Gives a file another name beside its own; fails where that is taken. */
  void link(String from, String to) throws IOException {
    Buffer request = request(HARD_LINK);
    request.putString(from, UTF_8);
    request.putString(to, UTF_8);
    reply(names("Linking", from, to), send(SftpConstants.SSH_FXP_EXTENDED, request)).done();
  }

  private static String names(String what, String from, String to) {
    return what + " " + from + " to " + to;
  }

  /** Returns once the file is on the server's disk, as far as the server offers to see to that. */
  void sync(Handle handle) throws IOException {
    if (!offers(FSYNC)) {
      return;
    }
    Buffer request = request(FSYNC);
    request.putBytes(handle.getIdentifier());
    Pending syncing = send(SftpConstants.SSH_FXP_EXTENDED, request);
    Duration limit = patience.multipliedBy(SYNC_PATIENCE);
    new Reply(
            "Syncing " + handle.getPath(), session.answer(syncing.command, syncing.id, limit))
        .done();
  }

  /** How many bytes the account may still write to the folder's disk, if the server can tell. */
  OptionalLong freeBytes(String path) throws IOException {
    OpenSSHStatPathExtension extension = session.getExtension(OpenSSHStatPathExtension.class);
    if (!extension.isSupported()) {
      return OptionalLong.empty();
    }
    OpenSSHStatExtensionInfo disk =
        ask("Asking for the space at " + path, () -> extension.stat(path));
    return OptionalLong.of(disk.f_frsize * disk.f_bavail);
  }

  private void tell(String what, Task task) throws IOException {
    ask(
        what,
        () -> {
          task.tell();
          return true;
        });
  }

  /** The answer; empty if the server says that there is no such file. */
  private <T> Optional<T> askIfThere(String what, Question<T> question) throws IOException {
    try {
      return Optional.of(ask(what, question));
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Puts a question, and says what a failure of the library's means. */
  private <T> T ask(String what, Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (ConnectionLost e) {
      throw e;
    } catch (SftpException e) {
      String words = e.getMessage() == null ? "no reason given" : e.getMessage();
      throw new RequestRefused(what, e.getStatus(), words);
    } catch (IOException | RuntimeException e) {
      if (!session.isOpen()) {
        throw SftpSession.lost(session.getClientSession(), e);
      }
      // The library reads answers with checks of many kinds.
      throw new IOException(what + ": the server's answer makes no sense: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.getClientChannel().close(false);
  }
}
