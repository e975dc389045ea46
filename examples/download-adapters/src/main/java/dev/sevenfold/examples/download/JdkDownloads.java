package dev.sevenfold.examples.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadRequest;
import dev.sevenfold.backup.link.DownloadResponse;
import java.io.IOException;

/**
 * Downloads from the JDK's own server: {@code server.createContext("/backups/", new
 * JdkDownloads(download))}. Thread-safe.
 *
 * <p>Give the server an executor, {@code server.setExecutor(Executors.newCachedThreadPool())}:
 * without one it answers one request after the other, and whoever takes a file slowly keeps all
 * others waiting. Nor does it end an exchange by itself, however slow, unless the JVM is started
 * with {@code -Dsun.net.httpserver.maxReqTime=60 -Dsun.net.httpserver.maxRspTime=7200} (seconds,
 * for a request to arrive and an answer to be taken).
 */
public final class JdkDownloads implements HttpHandler {

  private final ArchiveDownload download;

  /** Serves what {@code download} answers. */
  public JdkDownloads(ArchiveDownload download) {
    this.download = download;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    DownloadRequest request =
        DownloadRequest.of(
            exchange.getRequestMethod(),
            path.substring(path.lastIndexOf('/') + 1),
            exchange.getRequestHeaders()::getFirst);
    try (exchange;
        DownloadResponse response = download.serve(request)) {
      // The server works the length out by itself, but for a HEAD.
      response
          .headers()
          .forEach(
              (name, value) -> {
                if (!name.equals("Content-Length") || request.method().equals("HEAD")) {
                  exchange.getResponseHeaders().set(name, value);
                }
              });
      exchange.sendResponseHeaders(
          response.status(), response.hasBody() ? response.bodyLength() : -1);
      if (response.hasBody()) {
        // If this throws, the exchange is closed before its length is reached: the browser sees
        // that the file is not whole.
        response.writeTo(exchange.getResponseBody());
      }
    }
  }
}
