package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.Access.Session;
import dev.sevenfold.examples.dashboard.host.ActivityLog.Backup;
import dev.sevenfold.examples.dashboard.host.ActivityLog.Restore;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page where a firm looks after its backups. Thread-safe. */
final class TenantPages {

  private record Home(
      String firm,
      String csrf,
      String zone,
      WorkView work,
      @Nullable PointView newest,
      NextView next,
      @Nullable UndoView undo,
      List<PointView> points,
      ScheduleView schedule,
      boolean saved,
      List<ChartView> charts) {}

  /** When the next scheduled run is; {@code when} is empty if none is planned. */
  private record NextView(String when, String fromNow, String words, String language) {}

  private record UndoView(String when, String restoredTo, String changes) {}

  private static final int CHARTED = 30;

  private final Access access;
  private final Pages pages;
  private final Firms firms;
  private final Backups backups;
  private final Clock clock;

  TenantPages(Access access, Pages pages, Firms firms, Backups backups, Clock clock) {
    this.access = access;
    this.pages = pages;
    this.firms = firms;
    this.backups = backups;
    this.clock = clock;
  }

  void addTo(WebServer server) {
    server
        .route("GET /", request -> start(request))
        .route("GET /work", access.tenant((request, session, firm) -> work(firm)))
        .route("POST /backups", access.tenant((request, session, firm) -> backUp(firm)))
        .route("GET /schedule", access.tenant((request, session, firm) -> nextTimes(request)))
        .route("POST /schedule", access.tenant(this::setSchedule));
  }

  private Response start(Request request) throws java.io.IOException {
    boolean support = access.session(request).filter(who -> who.login().isSupport()).isPresent();
    if (support) {
      return Response.redirect("/support");
    }
    return access.tenant((any, session, firm) -> home(any, session, firm)).handle(request);
  }

  private Response home(Request request, Session session, TenantId firm) {
    Locale language = ScheduleView.language(request);
    Job job = backups.scheduled(firm);
    ScheduleView form =
        ScheduleView.of(job.schedule().orElse(Backups.NIGHTLY), job.active(), clock, language);
    return home(200, session, firm, form, request.query("saved").isPresent(), language);
  }

  private Response home(
      int status,
      Session session,
      TenantId firm,
      ScheduleView form,
      boolean saved,
      Locale language) {
    Words words = words(firm);
    List<RestorePoint> points = backups.service().restorePoints(firm);
    List<Backup> history = backups.activity().backups(firm, CHARTED);
    Home home =
        new Home(
            firms.find(firm).orElseThrow().name(),
            session.csrf(),
            words.zone(),
            workView(firm, words),
            points.stream()
                .filter(RestorePoint::verified)
                .findFirst()
                .map(point -> PointView.of(point, words))
                .orElse(null),
            next(firm, words, language),
            undo(firm, words),
            PointView.shown(points, words),
            form,
            saved,
            charts(history, words));
    return pages.show(status, "Backups", "home", home, Optional.of(session));
  }

  private static List<ChartView> charts(List<Backup> history, Words words) {
    ChartView storage = ChartView.storage(history, words);
    ChartView durations = ChartView.durations(history, words);
    return storage == null || durations == null ? List.of() : List.of(storage, durations);
  }

  private Words words(TenantId firm) {
    CronSchedule schedule = backups.scheduled(firm).schedule().orElse(Backups.NIGHTLY);
    return new Words(clock, schedule.zone());
  }

  private NextView next(TenantId firm, Words words, Locale language) {
    Job job = backups.scheduled(firm);
    String sentence = job.schedule().map(it -> ScheduleView.sentence(it, language)).orElse("");
    Optional<Instant> next =
        backups
            .scheduler()
            .find(BackupTenantJob.forTenant(firm).key())
            .flatMap(JobStatus::next)
            .map(PlannedFiring::scheduledAt)
            .filter(instant -> job.active());
    return new NextView(
        next.map(words::when).orElse(""),
        next.map(words::fromNow).orElse(""),
        sentence,
        language.toLanguageTag());
  }

  private @Nullable UndoView undo(TenantId firm, Words words) {
    Optional<Restore> last = backups.activity().lastRestore(firm);
    if (last.isEmpty() || backups.undoPoint(firm).isEmpty()) {
      return null;
    }
    Restore restore = last.get();
    return new UndoView(
        words.when(restore.at()),
        words.exactly(restore.restoredTo()),
        PlanView.past(restore.inserted(), restore.updated(), restore.deleted()));
  }

  private WorkView workView(TenantId firm, Words words) {
    return WorkView.of(backups.scheduler().jobs(firm), clock.instant(), words);
  }

  private Response work(TenantId firm) {
    return pages.piece("work", workView(firm, words(firm)));
  }

  private Response backUp(TenantId firm) {
    backups.backUpNow(firm);
    return Response.redirect("/");
  }

  private Response nextTimes(Request request) {
    ScheduleView view =
        ScheduleView.of(
            request.query("cron").orElse(""),
            request.query("zone").orElse("UTC"),
            request.query("active").isPresent(),
            clock,
            ScheduleView.language(request));
    return pages.piece("times", view);
  }

  private Response setSchedule(Request request, Session session, TenantId firm) {
    boolean active = request.field("active").equals("yes");
    Locale language = ScheduleView.language(request);
    ScheduleView form =
        ScheduleView.of(request.field("cron"), request.field("zone"), active, clock, language);
    if (!form.valid()) {
      return home(422, session, firm, form, false, language);
    }
    backups.schedule(
        firm, ScheduleView.parse(request.field("cron"), request.field("zone")), active);
    return Response.redirect("/?saved=yes#schedule");
  }
}
