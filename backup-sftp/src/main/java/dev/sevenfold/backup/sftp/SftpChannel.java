package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.ChannelAsyncOutputStream;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries numbered SFTP requests to the server and their answers back, many at a time. A server
 * that leaves a request unanswered for too long is given up, with its whole connection.
 * Thread-safe.
 */
final class SftpChannel extends ChannelSubsystem {

  /**
   * A request under way.
   *
   * @param id its number
   * @param answer comes when the server sends it, or fails with the connection
   */
  record Pending(int id, CompletableFuture<byte[]> answer) {}

  private static final int HEADER_LENGTH = 9;
  private static final int VERSION = 2;
  private static final int INIT = 1;
  private static final int PROTOCOL = 3;

  private final Duration patience;
  private final Map<Integer, CompletableFuture<byte[]>> awaited = new ConcurrentHashMap<>();
  private final CompletableFuture<byte[]> version = new CompletableFuture<>();
  private final PacketAssembler incoming = new PacketAssembler(this::deliver);
  private final ReentrantLock sending = new ReentrantLock();
  private @Nullable IoWriteFuture lastWrite;
  private int lastId;

  private SftpChannel(Duration patience) {
    super("sftp");
    this.patience = patience;
    onClose(this::failAll);
  }

  /** Starts the server's SFTP on a connection of its own or a shared one. */
  static SftpChannel open(ClientSession session, Duration patience) throws IOException {
    SftpChannel channel = new SftpChannel(patience);
    session.getService(ConnectionService.class).registerChannel(channel);
    try {
      var opened = channel.open();
      if (!Waiting.forEnd(opened, patience) || !opened.isOpened()) {
        throw refused(session, opened.getException());
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close(true);
      throw e;
    }
  }

  /** Asks for version 3, which every server speaks; gives the server's extensions. */
  Buffer initialize() throws IOException {
    Buffer init = new ByteArrayBuffer(HEADER_LENGTH, false);
    init.putUInt(5);
    init.putByte((byte) INIT);
    init.putUInt(PROTOCOL);
    write(init);
    Buffer answer = new ByteArrayBuffer(await(version, patience));
    answer.getUByte();
    long spoken = answer.getUInt();
    if (spoken < PROTOCOL) {
      throw new IOException("The server speaks version " + spoken + " of SFTP, 3 is needed");
    }
    return answer;
  }

  /** An empty request, for its fields to be appended. */
  static Buffer request(int lengthHint) {
    Buffer request = new ByteArrayBuffer(HEADER_LENGTH + lengthHint, false);
    request.wpos(HEADER_LENGTH);
    return request;
  }

  /** Sends a request. */
  Pending send(int type, Buffer request) throws ConnectionLost {
    sending.lock();
    try {
      lastId++;
      Pending pending = new Pending(lastId, new CompletableFuture<>());
      awaited.put(pending.id, pending.answer);
      int end = request.wpos();
      request.wpos(0);
      request.putUInt(end - Integer.BYTES);
      request.putByte((byte) type);
      request.putUInt(pending.id);
      request.wpos(end);
      write(request);
      return pending;
    } finally {
      sending.unlock();
    }
  }

  private void write(Buffer packet) throws ConnectionLost {
    sending.lock();
    try {
      awaitLastWrite();
      // Whoever closes the channel from here on fails what is awaited; whoever has, did not see it.
      if (isClosing()) {
        failAll();
        throw lost(null);
      }
      lastWrite = getAsyncIn().writeBuffer(packet);
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      throw lost(e);
    } finally {
      sending.unlock();
    }
  }

  private void awaitLastWrite() throws ConnectionLost {
    IoWriteFuture write = lastWrite;
    if (write == null) {
      return;
    }
    if (!Waiting.forEnd(write, patience)) {
      throw giveUp("The server took no data for " + Words.of(patience));
    }
    if (!write.isWritten()) {
      throw lost(write.getException());
    }
  }

  /** The answer to a request: type, number and fields. */
  byte[] answer(Pending pending) throws ConnectionLost {
    return answer(pending, patience);
  }

  /** As {@link #answer(Pending)}, for what may take a server longer. */
  byte[] answer(Pending pending, Duration limit) throws ConnectionLost {
    return await(pending.answer, limit);
  }

  private byte[] await(CompletableFuture<byte[]> answer, Duration limit) throws ConnectionLost {
    try {
      return Waiting.forResult(answer, limit);
    } catch (TimeoutException e) {
      throw giveUp("The server did not answer for " + Words.of(limit));
    } catch (ExecutionException e) {
      throw lost(e.getCause());
    }
  }

  /** Lets an answer be dropped when it comes. */
  void forget(Pending pending) {
    awaited.remove(pending.id);
  }

  /**
   * Nobody knows what a silent server still does: its connection is of no use to others, either.
   */
  private ConnectionLost giveUp(String why) {
    getSession().close(true);
    return new ConnectionLost(why);
  }

  /** The library may not have noticed yet; from here on it has, and the next call reconnects. */
  private ConnectionLost lost(@Nullable Throwable cause) {
    getSession().close(true);
    return new ConnectionLost("The connection was lost", cause);
  }

  private static IOException refused(ClientSession session, @Nullable Throwable cause) {
    if (session.isOpen() && cause instanceof SshChannelOpenException) {
      return new LoginRefused(
          "The server allows no further session on the connection",
          "Allow the account more sessions (MaxSessions), or configure fewer uploads at a time",
          cause);
    }
    session.close(true);
    return new ConnectionLost("The connection was lost", cause);
  }

  private void deliver(byte[] packet) {
    if (packet[0] == VERSION) {
      version.complete(packet);
      return;
    }
    CompletableFuture<byte[]> answer = awaited.remove(ByteBuffer.wrap(packet).getInt(1));
    if (answer != null) { // or else nobody waits any more
      answer.complete(packet);
    }
  }

  private void failAll() {
    ConnectionLost lost = new ConnectionLost("The connection was lost");
    version.completeExceptionally(lost);
    awaited.keySet().forEach(id -> fail(id, lost));
  }

  private void fail(int id, ConnectionLost lost) {
    CompletableFuture<byte[]> answer = awaited.remove(id);
    if (answer != null) {
      answer.completeExceptionally(lost);
    }
  }

  @Override
  protected void doOpen() throws IOException {
    Buffer request =
        getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, getSubsystem().length());
    request.putUInt(getRecipient());
    request.putString("subsystem");
    request.putBoolean(true);
    request.putString(getSubsystem());
    addPendingRequest("subsystem", true);
    writePacket(request);
    // Asynchronous, so that no thread has to pump: requests go out from the callers' threads,
    // answers are delivered by the one that reads the connection.
    setStreaming(Streaming.Async);
    asyncIn = new ChannelAsyncOutputStream(this, SshConstants.SSH_MSG_CHANNEL_DATA);
    setOut(new Incoming());
    setErr(OutputStream.nullOutputStream());
  }

  /** Takes what the server sends. */
  private final class Incoming extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      incoming.add(bytes, offset, length);
    }
  }
}
