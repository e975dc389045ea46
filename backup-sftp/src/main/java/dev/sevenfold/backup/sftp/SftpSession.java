package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultCloseableHandle;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.SftpAckData;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * The library's client, with waits that the store can rely on. The library's own last as long as
 * the connection may be idle, which is for ever here; an interrupt makes it drop the answer that it
 * waits for, and when that comes, it takes it for garbage and ends the connection, with everything
 * that others do on it. Here each wait ends in time, an interrupt is kept for whoever looks at it,
 * and an answer can be done without. A server that leaves a request unanswered for too long is
 * given up, with its whole connection. Thread-safe.
 */
final class SftpSession extends DefaultSftpClient {

  /** No further session is allowed on this connection; another connection may be. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private Refused(Throwable cause) {
      super("The server allows no further session on the connection", cause);
    }
  }

  /** What the library puts before a request, in place. */
  private static final int HEADER_LENGTH = 9;

  private final Duration patience;
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock answers = new ReentrantLock();
  private final Condition change = answers.newCondition();
  private final Set<Integer> unwanted = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Long> sent = new ConcurrentHashMap<>();
  private final AtomicLong roundTrips;
  private @Nullable IoWriteFuture lastWrite;

  private SftpSession(
      ClientSession connection, Greeting greeting, Duration patience, AtomicLong roundTrips)
      throws IOException {
    // Every server speaks version 3, and OpenSSH no other.
    super(connection, SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3), greeting);
    this.patience = patience;
    this.roundTrips = roundTrips;
    getClientChannel().addCloseFutureListener(closed -> wake());
  }

  /**
   * Starts the server's SFTP on a connection of its own or a shared one.
   *
   * @param roundTrips goes up by one with each request that was sent after the answer to another
   *     one had been taken, however many were sent meanwhile: what a long line takes its time for
   * @throws Refused if the connection is there, and no further session is allowed on it
   * @throws LoginRefused if the account has no SFTP
   * @throws ConnectionLost if the connection has ended, whatever ended it
   */
  static SftpSession on(ClientSession connection, Duration patience, AtomicLong roundTrips)
      throws IOException {
    SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(connection, patience);
    boolean interrupted = Thread.interrupted();
    Greeting greeting = new Greeting();
    try {
      return new SftpSession(connection, greeting, patience, roundTrips);
    } catch (IOException | RuntimeException e) {
      if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
        interrupted = true;
        throw e;
      }
      if (connection.isOpen() && e.getCause() instanceof SshChannelOpenException) {
        throw new Refused(e);
      }
      connection.close(true);
      throw greeting.failure(e, patience);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Called by the library's constructor, which forgets a channel that it no longer waits for. */
  @Override
  protected ChannelSubsystem createSftpChannelSubsystem(ClientSession connection) {
    Greeting greeting = (Greeting) errorDataHandler; // fields of this class are not there yet
    return new SftpChannelSubsystem() {
      @Override
      @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the answer comes to another thread
      public OpenFuture open() throws IOException {
        greeting.of(this);
        OpenFuture opening = super.open();
        Duration limit = SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.getRequired(connection);
        if (!Waiting.forEnd(opening, limit)) {
          throw new SocketTimeoutException();
        }
        return opening;
      }

      @Override
      public void handleFailure() throws IOException {
        greeting.refuse();
        super.handleFailure();
      }
    };
  }

  /** Called by the one thread that reads the connection, with what comes. */
  @Override
  protected int data(byte[] bytes, int start, int length) throws IOException {
    if (getVersion() == 0) {
      ((Greeting) errorDataHandler).answered(bytes, start, length);
    }
    return super.data(bytes, start, length);
  }

  // Requests, with room in front for what the library puts there.

  private static Buffer request(int length) {
    Buffer request = new ByteArrayBuffer(HEADER_LENGTH + length, false);
    request.wpos(HEADER_LENGTH);
    request.rpos(HEADER_LENGTH);
    return request;
  }

  /** A request that begins with these texts. */
  static Buffer request(String... texts) {
    Buffer request = request(64 * texts.length);
    for (String text : texts) {
      request.putString(text, UTF_8);
    }
    return request;
  }

  /** A request about an open file, with room for so many more bytes. */
  static Buffer request(Handle handle, int length) {
    Buffer request = request(Integer.BYTES + handle.length() + length);
    request.putBytes(handle.getIdentifier());
    return request;
  }

  static void putPermissions(Buffer request, int permissions) {
    request.putUInt(SftpConstants.SSH_FILEXFER_ATTR_PERMISSIONS);
    request.putUInt(permissions);
  }

  @Override
  public int send(int command, Buffer request) throws IOException {
    return write(command, request).getId();
  }

  /** Sends a request once the one before it has gone. */
  @Override
  public SftpMessage write(int command, Buffer request) throws IOException {
    sending.lock();
    try {
      if (lastWrite != null && !Waiting.forEnd(lastWrite, patience)) {
        throw giveUp("The server took no data for " + Waiting.text(patience), null);
      }
      SftpMessage message = super.write(command, request);
      lastWrite = message.getFuture();
      sent.put(message.getId(), roundTrips.get());
      return message;
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      throw giveUp("The connection was lost", e);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public Buffer receive(int id) throws ConnectionLost {
    return receive(id, patience);
  }

  /** The answer to a request. The interrupt status stays as it is. */
  @Override
  public Buffer receive(int id, Duration limit) throws ConnectionLost {
    Buffer answer = await(id, limit);
    if (answer == null) {
      String silent = "The server did not answer for " + Waiting.text(limit);
      throw giveUp(isOpen() ? silent : "The connection was lost", null);
    }
    Long before = sent.remove(id);
    if (before != null) {
      roundTrips.accumulateAndGet(before + 1, Math::max);
    }
    return answer;
  }

  private @Nullable Buffer await(int id, Duration limit) {
    boolean interrupted = false;
    answers.lock();
    try {
      long left = limit.toNanos();
      Buffer answer = take(id);
      while (answer == null && left > 0 && isOpen()) {
        try {
          left = change.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        answer = take(id);
      }
      return answer;
    } finally {
      answers.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The answer, if it is there: asked like this, the library does not give the request up. */
  private @Nullable Buffer take(int id) {
    try {
      return super.receive(id, Duration.ZERO);
    } catch (IOException e) {
      throw new AssertionError("Nothing makes an answer fail", e);
    }
  }

  /** Lets an answer be dropped when it comes; the library would keep it for ever. */
  void forget(int id) {
    sent.remove(id);
    unwanted.add(id);
    if (take(id) != null) {
      unwanted.remove(id);
    }
  }

  /** Called by the one thread that reads the connection, with each packet. */
  @Override
  protected void process(Buffer packet) throws IOException {
    boolean greeting = getVersion() == 0;
    int start = packet.rpos();
    super.process(packet);
    if (greeting) {
      return; // the library's constructor waits for it: nothing of this class is there yet
    }
    packet.rpos(start + Integer.BYTES + 1);
    int id = packet.getInt();
    if (unwanted.remove(id)) {
      take(id);
    }
    wake();
  }

  private void wake() {
    answers.lock();
    try {
      change.signalAll();
    } finally {
      answers.unlock();
    }
  }

  /**
   * Ends the connection: what a silent server still does nobody knows, so it is of no use to
   * others, either; and one that was lost, the library may not have noticed yet. The next call
   * reconnects.
   */
  ConnectionLost giveUp(String why, @Nullable Throwable cause) {
    getClientSession().close(true);
    return new ConnectionLost(why, cause);
  }

  // What the library makes of answers to requests that were sent before.

  boolean done(SftpResponse answer) throws IOException {
    checkResponseStatus(answer);
    return true;
  }

  Handle handle(String path, SftpResponse answer) throws IOException {
    return new DefaultCloseableHandle(this, path, checkHandleResponse(answer));
  }

  Attributes attributes(SftpResponse answer) throws IOException {
    return checkAttributesResponse(answer);
  }

  /** Names and attributes of some of what is in a folder; empty at its end. */
  Optional<List<DirEntry>> names(SftpResponse answer) throws IOException {
    return Optional.ofNullable(checkDirResponse(answer, null));
  }

  /** What was read, at least one byte; empty at the end of the file. */
  Optional<Buffer> data(int most, SftpResponse answer) throws IOException {
    Buffer data = checkDataResponse(new SftpAckData(answer.getId(), 0, most), answer, null);
    if (data != null && data.available() == 0) {
      throw new IOException("of " + most + " bytes, none came");
    }
    return Optional.ofNullable(data);
  }
}
