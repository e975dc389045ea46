package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.link.DownloadRequest;
import dev.sevenfold.backup.link.DownloadResponse;
import dev.sevenfold.backup.link.LinkCheck;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.Access.Session;
import dev.sevenfold.examples.dashboard.web.HttpError;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Archives to take home, by signed links. Here a link is not enough: whoever follows it must also
 * be logged in for the firm that it was made for. Thread-safe.
 */
final class DownloadPages {

  private final Access access;
  private final Backups backups;

  DownloadPages(Access access, Backups backups) {
    this.access = access;
    this.backups = backups;
  }

  void addTo(WebServer server) {
    server
        .route("POST /points/{label}/download", access.tenant(this::makeLink))
        .route("GET /download/{token}", access.tenant(this::download));
  }

  private Response makeLink(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    DownloadLink link = backups.links().issue(firm, point.digest());
    return Response.redirect("/download/" + link.token().value());
  }

  private Response download(Request request, Session session, TenantId firm) {
    String token = request.pathValue("token");
    LinkCheck check = backups.links().check(token);
    if (check.link().map(DownloadLink::tenant).filter(firm::equals).isEmpty()) {
      throw HttpError.notFound();
    }
    if (check.archive().isEmpty()) {
      throw new HttpError(410, "This link does not work any more", why(check.status()));
    }
    DownloadRequest asked =
        DownloadRequest.of(request.method(), token, name -> request.header(name).orElse(null));
    return response(backups.download().serve(asked));
  }

  private static String why(LinkCheck.Status status) {
    return switch (status) {
      case EXPIRED -> "Its time is over. Go to your backups, and choose Download again.";
      case REVOKED -> "It was withdrawn. Go to your backups, and choose Download again.";
      case USED_UP -> "It was used up. Go to your backups, and choose Download again.";
      case GONE -> "That backup is not kept any more. Go to your backups for those that are.";
      case VALID, MALFORMED -> throw HttpError.notFound();
    };
  }

  private static Response response(DownloadResponse download) {
    Response response =
        Response.of(
            download.status(),
            download.bodyLength(),
            new Response.Body() {
              @Override
              public void writeTo(OutputStream out) throws IOException {
                download.writeTo(out);
              }

              @Override
              public void close() throws IOException {
                download.close();
              }
            });
    download.headers().forEach(response::with);
    return response;
  }
}
