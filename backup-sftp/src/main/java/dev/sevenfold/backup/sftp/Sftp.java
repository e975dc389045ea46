package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.sftp.SftpChannel.Pending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * The part of SFTP, version 3, that a store needs, and the extensions that OpenSSH added to it.
 * Every call ends within the time that the settings allow, with an answer, a {@link RequestRefused}
 * or a {@link ConnectionLost}. Thread-safe.
 */
final class Sftp implements AutoCloseable {

  static final int READ = 0x01;
  static final int WRITE = 0x02;
  static final int CREATE = 0x08;
  static final int EXCLUSIVE = 0x20;

  private static final int REQUEST_OPEN = 3;
  private static final int REQUEST_CLOSE = 4;
  private static final int REQUEST_READ = 5;
  private static final int REQUEST_WRITE = 6;
  private static final int REQUEST_LSTAT = 7;
  private static final int REQUEST_FSETSTAT = 10;
  private static final int REQUEST_OPENDIR = 11;
  private static final int REQUEST_READDIR = 12;
  private static final int REQUEST_REMOVE = 13;
  private static final int REQUEST_MKDIR = 14;
  private static final int REQUEST_STAT = 17;
  private static final int REQUEST_RENAME = 18;
  private static final int REQUEST_EXTENDED = 200;

  /** What every server takes in one request. */
  private static final int COMMON_CHUNK = 32 * 1024;

  private static final int LEAST_CHUNK = 1024;

  /** Room for the fields around the data in the largest packet. */
  private static final int CHUNK_OVERHEAD = 1024;

  /** Writing everything out may take a disk long, while it serves nobody else. */
  private static final int SYNC_PATIENCE = 10;

  private final SftpChannel channel;
  private final Duration patience;
  private final Set<String> extensions = new HashSet<>();
  private final int chunkLength;

  private Sftp(SftpChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.patience = patience;
    Buffer offered = channel.initialize();
    while (offered.available() > 0) {
      extensions.add(offered.getString(UTF_8));
      offered.getBytes();
    }
    this.chunkLength = negotiateChunkLength();
  }

  /** Starts SFTP on a connection. */
  static Sftp on(ClientSession session, Duration patience) throws IOException {
    SftpChannel channel = SftpChannel.open(session, patience);
    try {
      return new Sftp(channel, patience);
    } catch (IOException | RuntimeException e) {
      channel.close(true);
      throw e;
    }
  }

  private int negotiateChunkLength() throws IOException {
    if (!offers("limits@openssh.com")) {
      return COMMON_CHUNK;
    }
    Reply limits = reply("Asking for limits", extended("limits@openssh.com"));
    limits.parse(Reply.EXTENDED, Buffer::getLong); // of a packet
    long read = limits.parse(Reply.EXTENDED, Buffer::getLong);
    long write = limits.parse(Reply.EXTENDED, Buffer::getLong);
    long most = PacketAssembler.MAX_LENGTH - CHUNK_OVERHEAD;
    // Zero stands for "not said".
    long chunk = Math.min(most, Math.min(read > 0 ? read : most, write > 0 ? write : most));
    return (int) Math.max(chunk, LEAST_CHUNK);
  }

  /** How many bytes to read or write with one request. */
  int chunkLength() {
    return chunkLength;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  private boolean offers(String extension) {
    return extensions.contains(extension);
  }

  boolean canLink() {
    return offers("hardlink@openssh.com");
  }

  boolean canReplace() {
    return offers("posix-rename@openssh.com");
  }

  /** Opens a file; gives its handle. */
  Handle open(String path, int flags) throws IOException {
    return opened(path, sendOpen(path, flags));
  }

  /** Waits for what was to be opened. */
  Handle opened(String path, Pending opening) throws IOException {
    return new Handle(path, reply("Opening " + path, opening).handle());
  }

  Pending sendOpen(String path, int flags) throws IOException {
    Buffer request = request(path);
    request.putUInt(flags);
    RemoteFile.writeNothing(request);
    return channel.send(REQUEST_OPEN, request);
  }

  void close(Handle handle) throws IOException {
    reply("Closing " + handle.path(), sendClose(handle)).done();
  }

  Pending sendClose(Handle handle) throws IOException {
    return channel.send(REQUEST_CLOSE, handle.request(0));
  }

  Pending sendRead(Handle handle, long offset, int length) throws IOException {
    Buffer request = handle.request(12);
    request.putLong(offset);
    request.putUInt(length);
    return channel.send(REQUEST_READ, request);
  }

  Pending sendWrite(Handle handle, long offset, byte[] bytes, int length) throws IOException {
    Buffer request = handle.request(12 + length);
    request.putLong(offset);
    request.putBytes(bytes, 0, length);
    return channel.send(REQUEST_WRITE, request);
  }

  /** Waits for the answer to a request that was sent before. */
  Reply reply(String what, Pending pending) throws IOException {
    return new Reply(what, channel.answer(pending));
  }

  /** Lets the answer to a request be dropped when it comes. */
  void forget(Pending pending) {
    channel.forget(pending);
  }

  /** What is at each path; paths where nothing is are left out. */
  Map<String, RemoteFile> look(List<String> paths) throws IOException {
    List<Pending> requests = new ArrayList<>();
    for (String path : paths) {
      requests.add(channel.send(REQUEST_LSTAT, request(path)));
    }
    Map<String, RemoteFile> found = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      attributes("Looking at " + path, requests.get(i)).ifPresent(file -> found.put(path, file));
    }
    return found;
  }

  /** What is at a path, links not followed. */
  Optional<RemoteFile> look(String path) throws IOException {
    return attributes("Looking at " + path, channel.send(REQUEST_LSTAT, request(path)));
  }

  /** What is at a path or where it leads to. */
  Optional<RemoteFile> lookThrough(String path) throws IOException {
    return attributes("Looking at " + path, channel.send(REQUEST_STAT, request(path)));
  }

  private Optional<RemoteFile> attributes(String what, Pending pending) throws IOException {
    try {
      return Optional.of(reply(what, pending).parse(Reply.ATTRIBUTES, RemoteFile::read));
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Sets the permissions of an open file. */
  void setMode(Handle handle, int permissions) throws IOException {
    Buffer request = handle.request(8);
    RemoteFile.writeMode(request, permissions);
    reply("Setting the permissions of " + handle.path(), channel.send(REQUEST_FSETSTAT, request))
        .done();
  }

  /** Makes a folder. */
  void makeFolder(String path, int permissions) throws IOException {
    Buffer request = request(path);
    RemoteFile.writeMode(request, permissions);
    reply("Creating folder " + path, channel.send(REQUEST_MKDIR, request)).done();
  }

  /** Names and attributes of everything in a folder, {@code .} and {@code ..} among them. */
  Map<String, RemoteFile> list(String path) throws IOException {
    String what = "Listing " + path;
    Handle handle = opened(path, channel.send(REQUEST_OPENDIR, request(path)));
    try {
      Map<String, RemoteFile> files = new LinkedHashMap<>();
      while (reply(what, channel.send(REQUEST_READDIR, handle.request(0))).addNames(files)) {
        // until there are no more
      }
      return files;
    } finally {
      forget(sendClose(handle));
    }
  }

  /** Removes a file; false if there was none. */
  boolean remove(String path) throws IOException {
    try {
      reply("Removing " + path, channel.send(REQUEST_REMOVE, request(path))).done();
      return true;
    } catch (RequestRefused e) {
      if (e.isMissing()) {
        return false;
      }
      throw e;
    }
  }

  /** Renames a file; as version 3 has it, this fails where the new name is taken. */
  void rename(String from, String to) throws IOException {
    Buffer request = request(from);
    request.putString(to, UTF_8);
    reply(names("Renaming", from, to), channel.send(REQUEST_RENAME, request)).done();
  }

  /** Renames a file, atomically, in the place of what has the name. */
  void replace(String from, String to) throws IOException {
    reply(names("Renaming", from, to), extended("posix-rename@openssh.com", from, to)).done();
  }

  /** Gives a file another name beside its own; fails where that is taken. */
  void link(String from, String to) throws IOException {
    reply(names("Linking", from, to), extended("hardlink@openssh.com", from, to)).done();
  }

  private static String names(String what, String from, String to) {
    return what + " " + from + " to " + to;
  }

  /** Returns once the file is on the server's disk, as far as the server offers to see to that. */
  void sync(Handle handle) throws IOException {
    if (!offers("fsync@openssh.com")) {
      return;
    }
    Buffer request = SftpChannel.request(64);
    request.putString("fsync@openssh.com", UTF_8);
    handle.appendTo(request);
    Pending pending = channel.send(REQUEST_EXTENDED, request);
    byte[] answer = channel.answer(pending, patience.multipliedBy(SYNC_PATIENCE));
    new Reply("Syncing " + handle.path(), answer).done();
  }

  /** How many bytes the account may still write to the folder's disk, if the server can tell. */
  OptionalLong freeBytes(String path) throws IOException {
    if (!offers("statvfs@openssh.com")) {
      return OptionalLong.empty();
    }
    Pending pending = extended("statvfs@openssh.com", path);
    Reply space = reply("Asking for the space at " + path, pending);
    return OptionalLong.of(space.parse(Reply.EXTENDED, Sftp::freeBytes));
  }

  private static long freeBytes(Buffer values) {
    values.getLong(); // the preferred size of a transfer
    long blockSize = values.getLong();
    values.getLong(); // of blocks in all
    values.getLong(); // of free ones, some of which may be reserved
    return blockSize * values.getLong();
  }

  private Pending extended(String extension, String... paths) throws IOException {
    Buffer request = SftpChannel.request(64);
    request.putString(extension, UTF_8);
    for (String path : paths) {
      request.putString(path, UTF_8);
    }
    return channel.send(REQUEST_EXTENDED, request);
  }

  private static Buffer request(String path) {
    Buffer request = SftpChannel.request(path.length() + 64);
    request.putString(path, UTF_8);
    return request;
  }

  @Override
  public void close() {
    channel.close(false);
  }
}
