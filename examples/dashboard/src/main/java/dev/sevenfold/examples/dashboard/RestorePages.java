package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.Access.Session;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.web.HttpError;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.time.Clock;
import java.util.Optional;

/** What a restore would change, and the restore itself. Thread-safe. */
final class RestorePages {

  private record Preview(PointView point, PlanView plan) {}

  private record Confirm(
      PointView point,
      PlanView plan,
      String csrf,
      String firm,
      String action,
      boolean undo,
      String typed,
      boolean wrong) {}

  private final Access access;
  private final Pages pages;
  private final Firms firms;
  private final Backups backups;
  private final Clock clock;

  RestorePages(Access access, Pages pages, Firms firms, Backups backups, Clock clock) {
    this.access = access;
    this.pages = pages;
    this.firms = firms;
    this.backups = backups;
    this.clock = clock;
  }

  void addTo(WebServer server) {
    server
        .route("GET /points/{label}", access.tenant(this::preview))
        .route("GET /points/{label}/restore", access.tenant(this::confirm))
        .route("POST /points/{label}/restore", access.tenant(this::restore))
        .route(
            "GET /undo",
            access.tenant(
                (request, session, firm) -> confirm(200, session, firm, undoPoint(firm), "")))
        .route("POST /undo", access.tenant((request, session, firm) -> undo(request, firm)));
  }

  private Response preview(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    String table = request.query("rows").orElse("");
    RestoreOptions options =
        RestoreOptions.DEFAULT.showingRows(table.isEmpty() ? 0 : PlanView.ROWS);
    RestorePlan plan = backups.service().preview(firm, point.label(), options);
    Preview view = new Preview(view(firm, point), PlanView.of(plan, table));
    return pages.show(200, "What would change", "preview", view, Optional.of(session));
  }

  private PointView view(TenantId firm, RestorePoint point) {
    CronSchedule schedule = backups.scheduled(firm).schedule().orElse(Backups.NIGHTLY);
    return PointView.of(point, new Words(clock, schedule.zone()));
  }

  private Response confirm(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    return confirm(200, session, firm, point, "");
  }

  private Response confirm(
      int status, Session session, TenantId firm, RestorePoint point, String typed) {
    PointView view = view(firm, point);
    boolean undo = point.isSafety();
    Confirm confirm =
        new Confirm(
            view,
            PlanView.of(backups.service().preview(firm, point.label()), ""),
            session.csrf(),
            firms.find(firm).orElseThrow().name(),
            undo ? "/undo" : view.path() + "/restore",
            undo,
            typed,
            status != 200);
    String title = undo ? "Undo the last restore" : "Restore";
    return pages.show(status, title, "confirm", confirm, Optional.of(session));
  }

  private Response restore(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    String typed = request.field("name").strip();
    if (!typed.equals(firms.find(firm).orElseThrow().name())) {
      return confirm(422, session, firm, point, typed);
    }
    backups.restore(firm, point);
    return Response.redirect("/");
  }

  private Response undo(Request request, TenantId firm) {
    RestorePoint point = undoPoint(firm);
    if (!point.label().value().equals(request.field("label"))) {
      throw new HttpError(
          409,
          "Something else was restored meanwhile",
          "Nothing was changed. Look at what an undo would change now, and decide again.");
    }
    backups.restore(firm, point);
    return Response.redirect("/");
  }

  private RestorePoint undoPoint(TenantId firm) {
    return backups
        .undoPoint(firm)
        .orElseThrow(
            () ->
                new HttpError(
                    404, "There is no restore to undo", "Choose a restore point instead."));
  }
}
