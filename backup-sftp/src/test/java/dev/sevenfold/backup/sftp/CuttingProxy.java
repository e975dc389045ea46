package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a server that breaks where the test says. Thread-safe. */
final class CuttingProxy implements AutoCloseable {

  private static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket socket;
  private final int target;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private volatile long cutAfterSent = NEVER;
  private volatile long cutAfterReceived = NEVER;

  private CuttingProxy(int target) throws IOException {
    this.target = target;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static CuttingProxy to(int port) throws IOException {
    CuttingProxy proxy = new CuttingProxy(port);
    start(proxy::acceptAll);
    return proxy;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** How many connections were made so far. */
  int connections() {
    return connections.get();
  }

  /** How many bytes went to the server so far. */
  long sent() {
    return sent.get();
  }

  /** How many bytes came from the server so far. */
  long received() {
    return received.get();
  }

  /** Cuts whatever is connected when this many bytes have gone to the server; once. */
  void cutAfterSent(long bytes) {
    cutAfterSent = bytes;
  }

  /** Cuts whatever is connected when this many bytes have come from the server; once. */
  void cutAfterReceived(long bytes) {
    cutAfterReceived = bytes;
  }

  /** Cuts whatever is connected now. */
  void cut() {
    open.forEach(CuttingProxy::quietly);
    open.clear();
  }

  private void acceptAll() {
    try {
      while (true) {
        connect(socket.accept());
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private void connect(Socket client) {
    connections.incrementAndGet();
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      // Small pieces go on at once: a cut hits between two packets, too.
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      open.add(client);
      open.add(server);
      start(() -> pump(client, server, true));
      start(() -> pump(server, client, false));
    } catch (IOException e) {
      quietly(client);
    }
  }

  private void pump(Socket from, Socket to, boolean toServer) {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
        int allowed = (int) Math.min(length, left(toServer));
        out.write(buffer, 0, allowed);
        out.flush();
        (toServer ? sent : received).addAndGet(allowed);
        if (allowed < length) {
          forgetCuts();
          cut();
          return;
        }
      }
    } catch (IOException e) {
      // Cut.
    }
    quietly(from);
    quietly(to);
  }

  private long left(boolean toServer) {
    long limit = toServer ? cutAfterSent : cutAfterReceived;
    return limit == NEVER ? NEVER : Math.max(limit - (toServer ? sent : received).get(), 0);
  }

  private void forgetCuts() {
    cutAfterSent = NEVER;
    cutAfterReceived = NEVER;
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    cut();
  }
}
