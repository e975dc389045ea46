package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkPage.Kind;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a browser that follows a link, in whatever framework the host has.
 *
 * <pre>{@code
 * try (DownloadResponse response =
 *     download.serve(DownloadRequest.of(method, lastSegmentOfThePath, headers))) {
 *   // send response.status() and response.headers(), then response.writeTo(out)
 * }
 * }</pre>
 *
 * <p>Answers {@code GET}, {@code HEAD} and {@code POST}, with a strong entity tag and single
 * ranges, so that browsers and {@code curl -C -} resume a download that was interrupted. A link
 * that does not work gets a page that says why.
 *
 * <p>A link whose downloads are counted answers {@code GET} with a page that has a button: programs
 * that look at every link of a mail use none up. The button's {@code POST} counts, and redirects to
 * an address that the download can be resumed at.
 *
 * <p>The token must be the last segment of the path. Thread-safe.
 */
public final class ArchiveDownload {

  private static final Logger log = LoggerFactory.getLogger(ArchiveDownload.class);

  private final DownloadLinks links;
  private final LinkPage page;

  private ArchiveDownload(DownloadLinks links, LinkPage page) {
    this.links = Objects.requireNonNull(links, "links");
    this.page = Objects.requireNonNull(page, "page");
  }

  /** Serves what these links lead to; its pages are in English. */
  public static ArchiveDownload of(DownloadLinks links) {
    return new ArchiveDownload(links, new EnglishLinkPage());
  }

  /** As this one, with other pages. */
  public ArchiveDownload showing(LinkPage other) {
    return new ArchiveDownload(links, other);
  }

  /** What to answer. The caller closes it. No failure of a store is thrown: it becomes a 503. */
  public DownloadResponse serve(DownloadRequest request) {
    try {
      return links
          .read(request.token())
          .map(content -> serve(content, request))
          .orElseGet(() -> page(404, Kind.MALFORMED, Optional.empty(), request));
    } catch (StoreUnavailable e) {
      log.warn("A download had to be put off: {}", e.getMessage(), Printable.failure(e));
      return page(503, Kind.UNAVAILABLE, Optional.empty(), request);
    }
  }

  private DownloadResponse serve(LinkContent content, DownloadRequest request) {
    LinkCheck check = links.check(content, new LinkToken(request.token()));
    return switch (check.status()) {
      case VALID -> valid(content, check.archive().orElseThrow(), request);
      case EXPIRED -> page(410, Kind.EXPIRED, Optional.empty(), request);
      case REVOKED -> page(410, Kind.REVOKED, Optional.empty(), request);
      case USED_UP -> page(410, Kind.USED_UP, Optional.empty(), request);
      case GONE -> page(410, Kind.GONE, Optional.empty(), request);
      case MALFORMED -> page(404, Kind.MALFORMED, Optional.empty(), request);
    };
  }

  private DownloadResponse valid(
      LinkContent content, LinkedArchive archive, DownloadRequest request) {
    boolean counted = content.downloads().isPresent();
    return switch (request.method()) {
      case "GET", "HEAD" ->
          counted
              ? page(200, Kind.CONFIRM, Optional.of(archive), request)
              : file(content, archive, request);
      case "POST" -> counted ? begin(content, request) : bare(405, "Allow", "GET, HEAD");
      default -> bare(405, "Allow", counted ? "GET, HEAD, POST" : "GET, HEAD");
    };
  }

  private DownloadResponse begin(LinkContent content, DownloadRequest request) {
    return links
        .count(content)
        .map(token -> bare(303, "Location", token.value()))
        .orElseGet(() -> page(410, Kind.USED_UP, Optional.empty(), request));
  }

  private DownloadResponse file(
      LinkContent content, LinkedArchive archive, DownloadRequest request) {
    try {
      Optional<URI> elsewhere = links.archives().elsewhere(archive, content.expiresAt());
      if (elsewhere.isPresent()) {
        return bare(302, "Location", elsewhere.get().toString());
      }
      return new FileResponse(archive, request).open(links.archives());
    } catch (ArchiveNotFound e) {
      // Retention, or somebody, deleted it since the link was checked; or put another one there.
      return page(410, Kind.GONE, Optional.empty(), request);
    }
  }

  /** An answer without content, with one header more than every answer has. */
  static DownloadResponse bare(int status, String header, String value) {
    Map<String, String> headers = common();
    headers.put(header, value);
    headers.put("Content-Length", "0");
    return DownloadResponse.empty(status, headers);
  }

  private DownloadResponse page(
      int status, Kind kind, Optional<LinkedArchive> archive, DownloadRequest request) {
    byte[] html = page.html(kind, archive, request).getBytes(UTF_8);
    Map<String, String> headers = common();
    headers.put("Content-Type", "text/html; charset=utf-8");
    headers.put("Content-Length", Integer.toString(html.length));
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
            + " frame-ancestors 'none'");
    if (status == 503) {
      headers.put("Retry-After", "60");
    }
    return request.method().equals("HEAD")
        ? DownloadResponse.empty(status, headers)
        : new DownloadResponse(status, headers, new ByteArrayInputStream(html), html.length);
  }

  /** What every answer says: keep the address to yourself, and this file too. */
  static Map<String, String> common() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cache-Control", "private, no-store, no-transform");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Robots-Tag", "noindex, nofollow");
    return headers;
  }
}
