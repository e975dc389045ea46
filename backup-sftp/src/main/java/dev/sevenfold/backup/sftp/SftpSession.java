package dev.sevenfold.backup.sftp;

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
import org.apache.sshd.common.util.buffer.BufferUtils;
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

  /** Requests that go to the server together. */
  private static final class Batch {

    private final Buffer requests;
    private volatile long roundTripsBefore;

    Batch(Buffer requests) {
      this.requests = requests;
    }
  }

  /** A packet of the connection, as every server takes it. */
  private static final int COMMON_PACKET = 32 * 1024;

  private final Duration patience;
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock answers = new ReentrantLock();
  private final Condition change = answers.newCondition();
  private final Map<Integer, Buffer> answered = new ConcurrentHashMap<>();
  private final Set<Integer> unwanted = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Batch> sent = new ConcurrentHashMap<>();
  private final AtomicLong roundTrips;
  private final int packetLength;
  private int lastId;
  private int gathering;
  private volatile @Nullable Batch gathered;
  private @Nullable IoWriteFuture lastWrite;

  private SftpSession(
      ClientSession connection, Greeting greeting, Duration patience, AtomicLong roundTrips)
      throws IOException {
    // Every server speaks version 3, and OpenSSH no other.
    super(connection, SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3), greeting);
    this.patience = patience;
    this.roundTrips = roundTrips;
    long packet = getClientChannel().getRemoteWindow().getPacketSize();
    packetLength = (int) Math.min(packet, COMMON_PACKET);
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
      return super.data(bytes, start, length);
    }
    try {
      return super.data(bytes, start, length);
    } finally {
      wake(); // once for all answers that came together
    }
  }

  /**
   * From now on requests are sent together, a packet full of them or as many as there are when
   * somebody waits for an answer: each packet costs both sides far more than the requests in it.
   * Others who use the session meanwhile may send theirs along. To be ended by {@link #sendAll}.
   */
  void gather() {
    sending.lock();
    gathering++;
    sending.unlock();
  }

  /** Sends what was gathered, and from now on each request on its own again. */
  void sendAll() {
    sending.lock();
    try {
      gathering--;
      sendGathered();
    } catch (ConnectionLost e) {
      // Who waits for an answer will see. What nobody waits for has gone with the connection.
    } finally {
      sending.unlock();
    }
  }

  /** Sends a request, or lets it be sent along with others. */
  @Override
  public int send(int command, Buffer request) throws ConnectionLost {
    sending.lock();
    try {
      int id = ++lastId;
      Buffer whole = Requests.whole(command, id, request);
      int length = whole.available();
      if (gathered != null && gathered.requests.available() + length > packetLength) {
        sendGathered();
      }
      if (gathering > 0 && length <= packetLength) {
        Batch batch = gathered;
        if (batch == null) {
          batch = new Batch(new ByteArrayBuffer(packetLength, false));
          gathered = batch;
        }
        batch.requests.putBuffer(whole);
        sent.put(id, batch);
      } else {
        Batch alone = new Batch(whole);
        sent.put(id, alone);
        send(alone);
      }
      return id;
    } finally {
      sending.unlock();
    }
  }

  private void sendGathered() throws ConnectionLost {
    Batch batch = gathered;
    if (batch != null) {
      gathered = null;
      send(batch);
    }
  }

  /** Sends requests once those before them have gone; a channel takes but one buffer at a time. */
  private void send(Batch batch) throws ConnectionLost {
    try {
      if (lastWrite != null && !Waiting.forEnd(lastWrite, patience)) {
        throw giveUp("The server took no data for " + Waiting.text(patience), null);
      }
      batch.roundTripsBefore = roundTrips.get();
      lastWrite = getClientChannel().getAsyncIn().writeBuffer(batch.requests);
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      throw giveUp("The connection was lost", e);
    }
  }

  /** The library's way around {@link #send}, which nothing here takes. */
  @Override
  public SftpMessage write(int command, Buffer request) {
    throw new UnsupportedOperationException("Requests go through send");
  }

  @Override
  public Buffer receive(int id) throws ConnectionLost {
    return receive(id, patience);
  }

  /** The answer to a request. The interrupt status stays as it is. */
  @Override
  public Buffer receive(int id, Duration limit) throws ConnectionLost {
    Buffer answer = answered.remove(id);
    if (answer == null) {
      sendWaiting();
      answer = await(id, limit);
    }
    if (answer == null) {
      String silent = "The server did not answer for " + Waiting.text(limit);
      throw giveUp(isOpen() ? silent : "The connection was lost", null);
    }
    Batch batch = sent.remove(id);
    if (batch != null) {
      roundTrips.accumulateAndGet(batch.roundTripsBefore + 1, Math::max);
    }
    return answer;
  }

  /** What was gathered may be what somebody waits for. */
  private void sendWaiting() throws ConnectionLost {
    if (gathered == null) {
      return;
    }
    sending.lock();
    try {
      sendGathered();
    } finally {
      sending.unlock();
    }
  }

  private @Nullable Buffer await(int id, Duration limit) {
    boolean interrupted = false;
    answers.lock();
    try {
      long left = limit.toNanos();
      Buffer answer = answered.remove(id);
      while (answer == null && left > 0 && isOpen()) {
        try {
          left = change.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        answer = answered.remove(id);
      }
      return answer;
    } finally {
      answers.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets an answer be dropped when it comes. */
  void forget(int id) {
    sent.remove(id);
    unwanted.add(id);
    if (answered.remove(id) != null) {
      unwanted.remove(id);
    }
  }

  /** Called by the one thread that reads the connection, with each packet of SFTP. */
  @Override
  protected void process(Buffer packet) throws IOException {
    if (getVersion() == 0) {
      super.process(packet);
      return; // the library's constructor waits for it: nothing of this class is there yet
    }
    byte[] answer = new byte[packet.available()]; // the library uses the packet again
    packet.getRawBytes(answer);
    int id = (int) BufferUtils.getUInt(answer, Integer.BYTES + 1, Integer.BYTES);
    if (unwanted.remove(id)) {
      return;
    }
    answered.put(id, new ByteArrayBuffer(answer));
    if (unwanted.remove(id)) {
      answered.remove(id); // it was forgotten meanwhile
    }
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
