package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpErrorDataHandler;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.SftpAckData;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * The library's client, with waits that the store can rely on. The library waits as long as the
 * connection may be idle, which is for ever here, and an interrupt makes it drop the answer that it
 * waits for; when that comes, it takes it for garbage and ends the connection, with everything that
 * others do on it. Here each wait ends in time, an interrupt is kept for whoever looks at it, and an
 * answer can be done without. A server that leaves a request unanswered for too long is given up,
 * with its whole connection. Thread-safe.
 */
final class SftpSession extends DefaultSftpClient {

  private final Duration patience;
  private final ReentrantLock sending = new ReentrantLock();
  private @Nullable IoWriteFuture lastWrite;
  private final ReentrantLock answers = new ReentrantLock();
  private final Condition change = answers.newCondition();
  private final Set<Integer> unwanted = ConcurrentHashMap.newKeySet();

  private SftpSession(ClientSession connection, Duration patience) throws IOException {
    // Every server speaks version 3, and OpenSSH no other.
    super(
        connection,
        SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3),
        SftpErrorDataHandler.EMPTY);
    this.patience = patience;
    getClientChannel().addCloseFutureListener(closed -> wake());
  }

  /** Starts the server's SFTP on a connection of its own or a shared one. */
  static SftpSession on(ClientSession connection, Duration patience) throws IOException {
    SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(connection, patience);
    boolean interrupted = Thread.interrupted();
    try {
      return new SftpSession(connection, patience);
    } catch (InterruptedIOException e) {
      interrupted = true;
      throw e;
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (connection.isOpen() && e.getCause() instanceof SshChannelOpenException) {
        throw new LoginRefused(
            "The server allows no further session on the connection",
            "Allow the account more sessions (MaxSessions), or configure fewer uploads at a time",
            e);
      }
      throw lost(connection, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Called by the library's constructor: nothing of this class is there yet. */
  @Override
  protected ChannelSubsystem createSftpChannelSubsystem(ClientSession connection) {
    return new SftpChannelSubsystem() {
      @Override
      @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the answer comes to another thread
      public OpenFuture open() throws IOException {
        OpenFuture opening = super.open();
        Duration limit = SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.getRequired(connection);
        if (!Waiting.forEnd(opening, limit)) {
          throw givenUp(connection, limit);
        }
        return opening;
      }
    };
  }

  /** As {@link #createSftpChannelSubsystem}. */
  @Override
  protected Buffer waitForInitResponse(CompletableFuture<Buffer> answer, Duration limit)
      throws IOException {
    try {
      return Waiting.forResult(answer, limit);
    } catch (TimeoutException e) {
      throw givenUp(getClientSession(), limit);
    } catch (ExecutionException | CancellationException e) {
      throw lost(getClientSession(), e);
    }
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
      IoWriteFuture last = lastWrite;
      if (last != null && !Waiting.forEnd(last, patience)) {
        getClientSession().close(true);
        throw new ConnectionLost("The server took no data for " + Words.of(patience));
      }
      SftpMessage message = super.write(command, request);
      lastWrite = message.getFuture();
      return message;
    } catch (ConnectionLost e) {
      throw e;
    } catch (IOException e) {
      throw lost(getClientSession(), e);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public Buffer receive(int id) throws IOException {
    return receive(id, patience);
  }

  /** The answer to a request. The interrupt status stays as it is. */
  @Override
  public Buffer receive(int id, Duration limit) throws IOException {
    Buffer answer = await(id, limit);
    if (answer != null) {
      return answer;
    }
    throw isOpen() ? givenUp(getClientSession(), limit) : lost(getClientSession(), null);
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

  /** The answer, if it is there: only so does the library not give up a request for good. */
  private @Nullable Buffer take(int id) {
    try {
      return super.receive(id, Duration.ZERO);
    } catch (IOException e) {
      throw new AssertionError("Nothing makes an answer fail", e);
    }
  }

  /** Lets an answer be dropped when it comes; the library would keep it for ever. */
  void forget(int id) {
    unwanted.add(id);
    if (take(id) != null) {
      unwanted.remove(id);
    }
  }

  /** Called by the one thread that reads the connection, with each packet. */
  @Override
  protected void process(Buffer packet) throws IOException {
    int start = packet.rpos();
    boolean greeting = getVersion() == 0;
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
   * Nobody knows what a silent server still does: its connection is of no use to others, either.
   */
  private static ConnectionLost givenUp(ClientSession connection, Duration limit) {
    connection.close(true);
    return new ConnectionLost("The server did not answer for " + Words.of(limit));
  }

  /** The library may not have noticed yet; from here on it has, and the next call reconnects. */
  static ConnectionLost lost(ClientSession connection, @Nullable Throwable cause) {
    connection.close(true);
    return new ConnectionLost("The connection was lost", cause);
  }

  // What the library tells of an answer to a request that was sent before.

  SftpResponse answer(int command, int id, Duration limit) throws IOException {
    return SftpResponse.parse(command, receive(id, limit));
  }

  void requireDone(SftpResponse answer) throws IOException {
    checkResponseStatus(answer);
  }

  byte[] handle(SftpResponse answer) throws IOException {
    return checkHandleResponse(answer);
  }

  SftpClient.Attributes attributes(SftpResponse answer) throws IOException {
    return checkAttributesResponse(answer);
  }

  /** What was read; empty at the end of the file. */
  Optional<Buffer> data(SftpResponse answer, int most) throws IOException {
    return Optional.ofNullable(
        checkDataResponse(new SftpAckData(answer.getId(), 0, most), answer, null));
  }
}
