package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.PlanDigest;
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

  private record Preview(PointView point, PlanView plan, Choice choice) {}

  private record Confirm(
      PointView point,
      PlanView plan,
      Choice choice,
      String identity,
      String csrf,
      String firm,
      String action,
      boolean undo,
      String typed,
      boolean wrong,
      boolean changed) {}

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
                (request, session, firm) -> confirm(200, session, firm, undoPoint(firm), request)))
        .route("POST /undo", access.tenant(this::undo));
  }

  private Response preview(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    String table = request.query("rows").orElse("");
    Choice choice = Choice.of(name -> request.query(name).isPresent());
    RestoreOptions options = choice.options().showingRows(table.isEmpty() ? 0 : PlanView.ROWS);
    RestorePlan plan = backups.service().preview(firm, point.label(), options);
    Preview view = new Preview(view(firm, point), PlanView.of(plan, table), choice);
    return pages.show(200, "What would change", "preview", view, Optional.of(session));
  }

  private PointView view(TenantId firm, RestorePoint point) {
    CronSchedule schedule = backups.scheduled(firm).schedule().orElse(Backups.NIGHTLY);
    return PointView.of(point, new Words(clock, schedule.zone()));
  }

  private Response confirm(Request request, Session session, TenantId firm) {
    return confirm(200, session, firm, backups.point(firm, request.pathValue("label")), request);
  }

  private Response confirm(
      int status, Session session, TenantId firm, RestorePoint point, Request request) {
    return confirm(status, session, firm, point, request, plan(firm, point, request));
  }

  private RestorePlan plan(TenantId firm, RestorePoint point, Request request) {
    return backups.service().preview(firm, point.label(), options(point, choice(request)));
  }

  /** What would be done, and the button that does exactly this. */
  private Response confirm(
      int status,
      Session session,
      TenantId firm,
      RestorePoint point,
      Request request,
      RestorePlan plan) {
    PointView view = view(firm, point);
    boolean undo = point.isSafety();
    Confirm confirm =
        new Confirm(
            view,
            PlanView.of(plan, ""),
            choice(request),
            identity(plan),
            session.csrf(),
            firms.find(firm).orElseThrow().name(),
            undo ? "/undo" : view.path() + "/restore",
            undo,
            request.method().equals("POST") ? request.field("name").strip() : "",
            status == 422,
            status == 409);
    String title = undo ? "Undo the last restore" : "Restore";
    return pages.show(status, title, "confirm", confirm, Optional.of(session));
  }

  private static Choice choice(Request request) {
    boolean sent = request.method().equals("POST");
    return Choice.of(
        name -> sent ? !request.field(name).isEmpty() : request.query(name).isPresent());
  }

  private static RestoreOptions options(RestorePoint point, Choice choice) {
    return point.isSafety() ? RestoreOptions.DEFAULT.takingBack() : choice.options();
  }

  private static String identity(RestorePlan plan) {
    return plan.digest().map(PlanDigest::hex).orElseThrow();
  }

  private Response restore(Request request, Session session, TenantId firm) {
    RestorePoint point = backups.point(firm, request.pathValue("label"));
    if (!request.field("name").strip().equals(firms.find(firm).orElseThrow().name())) {
      return confirm(422, session, firm, point, request);
    }
    return restoreAsShown(request, session, firm, point);
  }

  private Response undo(Request request, Session session, TenantId firm) {
    RestorePoint point = undoPoint(firm);
    if (!point.label().value().equals(request.field("label"))) {
      throw new HttpError(
          409,
          "Something else was restored meanwhile",
          "Nothing was changed. Look at what an undo would change now, and decide again.");
    }
    return restoreAsShown(request, session, firm, point);
  }

  /** What was not on the screen is not done: not now, and not when the job's turn comes. */
  private Response restoreAsShown(
      Request request, Session session, TenantId firm, RestorePoint point) {
    RestorePlan now = plan(firm, point, request);
    if (!identity(now).equals(request.field("plan"))) {
      return confirm(409, session, firm, point, request, now);
    }
    backups.restore(firm, point, now.exactly());
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
