package dev.sevenfold.examples.download;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

class JdkDownloadsTest extends AdapterContract {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private @Nullable HttpServer server;

  @Override
  URI start(OneArchive served) throws Exception {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.createContext("/backups/", new JdkDownloads(served.download));
    started.setExecutor(threads);
    started.start();
    server = started;
    return URI.create("http://localhost:%d/backups/".formatted(started.getAddress().getPort()));
  }

  @Override
  void stop() {
    Objects.requireNonNull(server).stop(0);
    threads.shutdownNow();
  }
}
