package dev.sevenfold.examples.download;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class JdkDownloadsTest extends AdapterContract {

  private @Nullable HttpServer server;

  @Override
  URI start(OneArchive served) throws Exception {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.createContext("/backups/", new JdkDownloads(served.download));
    started.start();
    server = started;
    return URI.create("http://localhost:%d/backups/".formatted(started.getAddress().getPort()));
  }

  @Override
  void stop() {
    Objects.requireNonNull(server).stop(0);
  }
}
