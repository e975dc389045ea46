package dev.sevenfold.examples.download;

import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadRequest;
import dev.sevenfold.backup.link.DownloadResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Downloads as a servlet, mapped to {@code /backups/*}. Thread-safe. */
public final class DownloadServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient ArchiveDownload download;

  /** Serves what {@code download} answers. */
  public DownloadServlet(ArchiveDownload download) {
    this.download = download;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse out) throws IOException {
    String path = request.getRequestURI();
    try (DownloadResponse response =
        download.serve(
            DownloadRequest.of(
                request.getMethod(),
                path.substring(path.lastIndexOf('/') + 1),
                request::getHeader))) {
      out.setStatus(response.status());
      response.headers().forEach(out::setHeader);
      if (response.hasBody()) {
        // If this throws, the container breaks the connection off: the browser sees that the file
        // is not whole.
        response.writeTo(out.getOutputStream());
      }
    }
  }
}
