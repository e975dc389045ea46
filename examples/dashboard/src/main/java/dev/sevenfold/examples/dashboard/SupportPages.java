package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.ImportOptions;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.Access.Session;
import dev.sevenfold.examples.dashboard.host.Firm;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.web.HttpError;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pages of support: how well each firm is backed up, and archives that firms send back. Support
 * restores nothing and reads nobody's rows: that is the firm's own to do. Thread-safe.
 */
final class SupportPages {

  private record Overview(List<FirmView> firms) {}

  private record FirmView(
      String id,
      String name,
      String state,
      String style,
      String newest,
      int archives,
      String size) {}

  private record FirmPage(
      FirmView firm,
      String csrf,
      List<PointView> points,
      @Nullable FailureView failure,
      @Nullable PointView taken,
      String error,
      long largest,
      String largestWords) {}

  private record FailureView(String when, String what, String advice) {}

  private final Access access;
  private final Pages pages;
  private final Firms firms;
  private final Backups backups;
  private final BackupHealth health;
  private final Settings settings;
  private final Words words;

  SupportPages(Access access, Pages pages, Firms firms, Backups backups, Settings settings) {
    this.access = access;
    this.pages = pages;
    this.firms = firms;
    this.backups = backups;
    this.settings = settings;
    this.health = BackupHealth.builder(backups.service()).scheduler(backups.scheduler()).build();
    this.words = new Words(settings.clock(), ZoneOffset.UTC);
  }

  void addTo(WebServer server) {
    server
        .route("GET /support", access.support((request, session) -> overview(session)))
        .route("GET /support/firms/{id}", access.support(this::firm))
        .route("POST /support/firms/{id}/archives", access.support(this::importArchive))
        .route("POST /support/firms/{id}/release", access.support(this::release));
  }

  private Response overview(Session session) {
    List<FirmView> views = firms.all().stream().map(firm -> view(firm, status(firm))).toList();
    return pages.show(200, "Firms", "support", new Overview(views), Optional.of(session));
  }

  private BackupStatus status(Firm firm) {
    return health.check(firm.id());
  }

  private FirmView view(Firm firm, BackupStatus status) {
    return new FirmView(
        firm.id().value(),
        firm.name(),
        switch (status.state()) {
          case HEALTHY -> "Healthy";
          case UNPLANNED -> "Nothing planned";
          case FAILING -> "Failing";
          case OVERDUE -> "Overdue";
        },
        switch (status.state()) {
          case HEALTHY -> "good";
          case UNPLANNED -> "plain";
          case FAILING, OVERDUE -> "bad";
        },
        status
            .lastVerified()
            .map(last -> words.when(last.capturedAt()) + " UTC")
            .orElse("None yet"),
        status.archives(),
        Words.size(status.storageBytes()));
  }

  private Firm find(Request request) {
    String id = request.pathValue("id");
    return firms.all().stream()
        .filter(firm -> firm.id().value().equals(id))
        .findFirst()
        .orElseThrow(HttpError::notFound);
  }

  private Response firm(Request request, Session session) {
    return page(200, find(request), session, request.query("taken").orElse(""), "");
  }

  private Response page(int status, Firm firm, Session session, String taken, String error) {
    BackupStatus health = status(firm);
    List<RestorePoint> points = backups.service().restorePoints(firm.id());
    FirmPage page =
        new FirmPage(
            view(firm, health),
            session.csrf(),
            PointView.shown(points, words),
            health
                .lastFailure()
                .map(last -> new FailureView(words.when(last.at()), last.what(), last.advice()))
                .orElse(null),
            points.stream()
                .filter(point -> point.label().value().equals(taken))
                .findFirst()
                .map(point -> PointView.of(point, words))
                .orElse(null),
            error,
            settings.largestUpload(),
            Words.size(settings.largestUpload()));
    return pages.show(status, firm.name(), "firm", page, Optional.of(session));
  }

  private Response importArchive(Request request, Session session) throws IOException {
    Firm firm = find(request);
    long largest = settings.largestUpload();
    try (InputStream upload = request.file(largest)) {
      ImportOptions options =
          request.field("unsigned").isEmpty()
              ? ImportOptions.DEFAULT
              : ImportOptions.DEFAULT.acceptingUnsigned();
      RestorePoint point = backups.service().importArchive(firm.id(), upload, largest, options);
      return Response.redirect(path(firm.id()) + "?taken=" + encode(point.label().value()));
    } catch (ArchiveCorrupt | ArchiveNotReadable e) {
      String error = "This file is no archive of ours, or it is damaged. Ask for another copy.";
      return page(422, firm, session, "", error);
    } catch (RestoreRefused e) {
      return page(422, firm, session, "", e.what() + ". " + e.advice() + ".");
    }
  }

  private Response release(Request request, Session session) {
    Firm firm = find(request);
    backups.service().release(backups.point(firm.id(), request.field("label")).label());
    return Response.redirect(path(firm.id()));
  }

  private static String path(TenantId firm) {
    return "/support/firms/" + encode(firm.value());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
