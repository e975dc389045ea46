package dev.sevenfold.examples.download;

import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadRequest;
import dev.sevenfold.backup.link.DownloadResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Downloads in Spring MVC. They stream from a thread of {@code spring.mvc.async}; its timeout, 30
 * seconds in Tomcat, must be longer than a download. With Spring Security, let everybody reach the
 * path, and leave its {@code POST} out of CSRF protection: the token in the path is the secret.
 * Thread-safe.
 */
@Controller
public final class DownloadController {

  private final ArchiveDownload download;

  /** Serves what {@code download} answers. */
  public DownloadController(ArchiveDownload download) {
    this.download = download;
  }

  /** Answers a browser that follows a link. */
  @RequestMapping("/backups/{token}")
  public ResponseEntity<StreamingResponseBody> serve(
      HttpMethod method, @PathVariable String token, @RequestHeader HttpHeaders headers) {
    DownloadResponse response =
        download.serve(DownloadRequest.of(method.name(), token, headers::getFirst));
    ResponseEntity.BodyBuilder entity = ResponseEntity.status(response.status());
    response.headers().forEach(entity::header);
    return entity.body(
        out -> {
          try (response) {
            response.writeTo(out);
          }
        });
  }
}
