package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Requests.request;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtensionInfo;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatPathExtension;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * What a store asks of SFTP, version 3, and of the extensions that OpenSSH added to it; the library
 * speaks the protocol. What is called {@code send…} does not wait for the answer, so that many
 * requests can be under way. Every call ends within the time that the settings allow, with an
 * answer, a {@link RequestRefused} or a {@link ConnectionLost}. Thread-safe.
 */
final class Sftp implements AutoCloseable {

  static final int READ = SftpConstants.SSH_FXF_READ;
  static final int WRITE = SftpConstants.SSH_FXF_WRITE;
  static final int TRUNCATE = SftpConstants.SSH_FXF_TRUNC;
  private static final int CREATE = SftpConstants.SSH_FXF_CREAT;
  static final int EXCLUSIVE = SftpConstants.SSH_FXF_EXCL;

  private static final String HARD_LINK = "hardlink@openssh.com";
  private static final String FSYNC = "fsync@openssh.com";

  /** So many every server opens for an account, and twice as many. */
  private static final int COMMON_FILES = 64;

  private static final int MOST_FILES = 512;

  /** What every server takes in one request. */
  private static final int COMMON_CHUNK = 32 * 1024;

  private static final int LEAST_CHUNK = 1024;

  /** What the library and OpenSSH take for a packet, less the fields around the data in it. */
  private static final int LARGEST_CHUNK = 256 * 1024 - 1024;

  /** Writing everything out may take a disk long, while it serves nobody else. */
  private static final int SYNC_PATIENCE = 10;

  /** Something that the library asks the server, or has asked. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** Something that it tells the server to do. */
  private interface Task {
    void tell() throws IOException;
  }

  /** What it makes of an answer. */
  private interface Reading<T> {
    T of(SftpResponse answer) throws IOException;
  }

  /** A request under way. */
  final class Pending<T> {

    private final String what;
    private final int command;
    private final int id;
    private final Reading<T> reading;

    private Pending(String what, int command, Buffer request, Reading<T> reading)
        throws IOException {
      this.what = what;
      this.command = command;
      this.reading = reading;
      this.id = Sftp.this.ask(what, () -> session.send(command, request));
    }

    /** Waits for the answer. */
    T answer() throws IOException {
      return answer(patience);
    }

    private T answer(Duration limit) throws IOException {
      Buffer answer = session.receive(id, limit);
      return ask(what, () -> reading.of(SftpResponse.parse(command, answer)));
    }

    /** Lets the answer be dropped when it comes. */
    void forget() {
      session.forget(id);
    }
  }

  private final SftpSession session;
  private final Duration patience;
  private final ReentrantLock manyFiles = new ReentrantLock();
  private final int chunkLength;
  private final int filesAtATime;

  private Sftp(SftpSession session, Duration patience) throws IOException {
    this.session = session;
    this.patience = patience;
    OpenSSHLimitsExtensionInfo limits = limits();
    // Zero stands for "not said".
    long read = limits.maxReadLength > 0 ? limits.maxReadLength : LARGEST_CHUNK;
    long write = limits.maxWriteLength > 0 ? limits.maxWriteLength : LARGEST_CHUNK;
    chunkLength = (int) Math.max(Math.min(LARGEST_CHUNK, Math.min(read, write)), LEAST_CHUNK);
    // The other half is for those who have a few files open meanwhile.
    long half = limits.maxOpenHandles > 0 ? limits.maxOpenHandles / 2 : COMMON_FILES;
    filesAtATime = (int) Math.max(Math.min(MOST_FILES, half), 1);
  }

  /** Starts SFTP on a connection; see {@link SftpSession#on} for what is counted. */
  static Sftp on(ClientSession connection, Duration patience, AtomicLong roundTrips)
      throws IOException {
    SftpSession session = SftpSession.on(connection, patience, roundTrips);
    try {
      return new Sftp(session, patience);
    } catch (IOException | RuntimeException e) {
      session.getClientChannel().close(true);
      throw e;
    }
  }

  private OpenSSHLimitsExtensionInfo limits() throws IOException {
    OpenSSHLimitsExtension extension = session.getExtension(OpenSSHLimitsExtension.class);
    if (extension.isSupported()) {
      return ask("Asking for limits", extension::limits);
    }
    OpenSSHLimitsExtensionInfo common = new OpenSSHLimitsExtensionInfo();
    common.maxReadLength = COMMON_CHUNK;
    common.maxWriteLength = COMMON_CHUNK;
    return common;
  }

  /** How many bytes to read or write with one request. */
  int chunkLength() {
    return chunkLength;
  }

  /** How many files may be open at a time for the one who holds {@link #manyFiles}. */
  int filesAtATime() {
    return filesAtATime;
  }

  /** To be held by whoever opens many files: servers bound how many are open in a session. */
  ReentrantLock manyFiles() {
    return manyFiles;
  }

  /** As {@link SftpSession#gather}. */
  void gather() {
    session.gather();
  }

  /** As {@link SftpSession#sendAll}. */
  void sendAll() {
    session.sendAll();
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
    return sendOpen(path, flags).answer();
  }

  Pending<Handle> sendOpen(String path, int flags) throws IOException {
    Buffer request = request(path);
    request.putUInt(flags);
    request.putUInt(0); // no attributes
    return opening(path, request);
  }

  /** Opens a file that has these permissions from its first moment, if it comes into being now. */
  Handle create(String path, int flags, int permissions) throws IOException {
    Buffer request = request(path);
    request.putUInt(flags | CREATE);
    Requests.putPermissions(request, permissions);
    return opening(path, request).answer();
  }

  private Pending<Handle> opening(String path, Buffer request) throws IOException {
    return new Pending<>(
        "Opening " + path, SftpConstants.SSH_FXP_OPEN, request, a -> session.handle(path, a));
  }

  void close(Handle handle) throws IOException {
    sendClose(handle).answer();
  }

  /** Closes what was opened, without waiting; with the connection, the handle is gone, too. */
  void closeUnanswered(Handle handle) {
    try {
      sendClose(handle).forget();
    } catch (IOException e) {
      // It is.
    }
  }

  Pending<Boolean> sendClose(Handle handle) throws IOException {
    return new Pending<>(
        "Closing " + handle.getPath(),
        SftpConstants.SSH_FXP_CLOSE,
        request(handle, 0),
        session::done);
  }

  /** The answer has at least one byte, or is empty at the end of the file. */
  Pending<Optional<Buffer>> sendRead(Handle handle, long offset, int length) throws IOException {
    Buffer request = request(handle, 12);
    request.putLong(offset);
    request.putUInt(length);
    return new Pending<>(
        "Reading " + handle.getPath(),
        SftpConstants.SSH_FXP_READ,
        request,
        answer -> session.data(length, answer));
  }

  Pending<Boolean> sendWrite(Handle handle, long offset, byte[] bytes, int length)
      throws IOException {
    Buffer request = request(handle, 12 + length);
    request.putLong(offset);
    request.putBytes(bytes, 0, length);
    return new Pending<>(
        "Writing " + handle.getPath(), SftpConstants.SSH_FXP_WRITE, request, session::done);
  }

  Pending<RemoteFile> sendLook(String path) throws IOException {
    return new Pending<>(
        "Looking at " + path,
        SftpConstants.SSH_FXP_LSTAT,
        request(path),
        answer -> RemoteFile.of(session.attributes(answer)));
  }

  /** What is at a path, links not followed. */
  Optional<RemoteFile> look(String path) throws IOException {
    return ifThere(sendLook(path)::answer);
  }

  /** What is at a path or where it leads to. */
  Optional<RemoteFile> lookThrough(String path) throws IOException {
    return ifThere(() -> ask("Looking at " + path, () -> session.stat(path))).map(RemoteFile::of);
  }

  /** What an open file is. */
  RemoteFile look(Handle handle) throws IOException {
    return RemoteFile.of(ask("Looking at " + handle.getPath(), () -> session.stat(handle)));
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
    Requests.putPermissions(request, permissions);
    new Pending<>("Creating folder " + path, SftpConstants.SSH_FXP_MKDIR, request, session::done)
        .answer();
  }

  Pending<Handle> sendOpenFolder(String path) throws IOException {
    return new Pending<>(
        "Listing " + path,
        SftpConstants.SSH_FXP_OPENDIR,
        request(path),
        answer -> session.handle(path, answer));
  }

  /** What is in a folder, a part of it with each answer, {@code .} and {@code ..} among it. */
  Pending<Optional<List<DirEntry>>> sendReadFolder(Handle handle) throws IOException {
    return new Pending<>(
        "Listing " + handle.getPath(),
        SftpConstants.SSH_FXP_READDIR,
        request(handle, 0),
        session::names);
  }

  /** Removes a file; false if there was none. */
  boolean remove(String path) throws IOException {
    return ifThere(() -> tell("Removing " + path, () -> session.remove(path))).isPresent();
  }

  /** Renames a file; as version 3 has it, this fails where the new name is taken. */
  void rename(String from, String to) throws IOException {
    tell("Renaming " + from + " to " + to, () -> session.rename(from, to));
  }

  /** Renames a file, atomically, in the place of what has the name. */
  void replace(String from, String to) throws IOException {
    OpenSSHPosixRenameExtension rename = session.getExtension(OpenSSHPosixRenameExtension.class);
    tell("Renaming " + from + " to " + to, () -> rename.posixRename(from, to));
  }

  /** Gives a file another name beside its own; fails where that is taken. */
  void link(String from, String to) throws IOException {
    extended("Linking " + from + " to " + to, request(HARD_LINK, from, to)).answer();
  }

  /** Returns once the file is on the server's disk, as far as the server offers to see to that. */
  void sync(Handle handle) throws IOException {
    if (offers(FSYNC)) {
      Buffer request = request(FSYNC);
      request.putBytes(handle.getIdentifier());
      extended("Syncing " + handle.getPath(), request).answer(patience.multipliedBy(SYNC_PATIENCE));
    }
  }

  private Pending<Boolean> extended(String what, Buffer request) throws IOException {
    return new Pending<>(what, SftpConstants.SSH_FXP_EXTENDED, request, session::done);
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

  /** The answer; empty if the server says that there is no such file. */
  private static <T> Optional<T> ifThere(Question<T> question) throws IOException {
    try {
      return Optional.of(question.ask());
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean tell(String what, Task task) throws IOException {
    return ask(
        what,
        () -> {
          task.tell();
          return true;
        });
  }

  /** Lets the library ask, and says what its failure means. */
  private <T> T ask(String what, Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (ConnectionLost e) {
      throw e;
    } catch (SftpException e) {
      throw new RequestRefused(what, e.getStatus(), e.getMessage());
    } catch (IOException | RuntimeException e) { // it has checks of many kinds for what it reads
      String nonsense = what + ": the server's answer makes no sense: " + e.getMessage();
      throw session.giveUp(isOpen() ? nonsense : "The connection was lost", e);
    }
  }

  /** Lets something be done when this is closed, or the connection is lost. */
  void whenClosed(Runnable task) {
    session.getClientChannel().addCloseFutureListener(closed -> task.run());
  }

  @Override
  public void close() {
    session.getClientChannel().close(false);
  }
}
