package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkTerms;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.examples.dashboard.host.ActivityLog;
import dev.sevenfold.examples.dashboard.host.HostDatabase;
import dev.sevenfold.examples.dashboard.web.HttpError;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The library, set up for this application. Everything a page asks for goes by a firm. Thread-safe.
 */
final class Backups implements AutoCloseable {

  /** Closer together they would only fill the store. */
  static final Duration SHORTEST_INTERVAL = Duration.ofHours(1);

  static final CronSchedule NIGHTLY =
      CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen"));

  /** Of customers and documents: which firm they are of. */
  static final String TENANT_COLUMN = "firm_id";

  /** Beside the job of the schedule, so that asking for a backup leaves the schedule alone. */
  private static final String BY_HAND = "by-hand";

  private final BackupService service;
  private final ActivityLog activity;
  private final BackupScheduler scheduler;
  private final DownloadLinks links;
  private final Clock clock;

  private Backups(
      BackupService service, ActivityLog activity, Path folder, LinkKeys keys, Clock clock) {
    this.service = service;
    this.activity = activity;
    this.clock = clock;
    this.links =
        service
            .links(keys, SqliteLinkStore.open(folder.resolve("links.sqlite3")))
            .terms(LinkTerms.validFor(Duration.ofHours(1)))
            .build();
    BackupJobs work = BackupJobs.of(service);
    this.scheduler =
        BackupScheduler.builder(folder.resolve("jobs.sqlite3"))
            .job(work.backupTenant())
            .job(work.restoreTenant())
            .minimumInterval(SHORTEST_INTERVAL)
            .jitter(Duration.ZERO) // two firms: nothing to spread out
            .pollInterval(Duration.ofMillis(500))
            .lease(Duration.ofSeconds(5)) // a beat, and with it progress, in less than a second
            .clock(clock)
            .build();
  }

  /** The library, on the application's database. */
  static Backups of(HostDatabase database, Path folder, LinkKeys keys, Clock clock) {
    ArchiveStore store = DirectoryArchiveStore.at(folder.resolve("backups"));
    ActivityLog activity = new ActivityLog(database, store, clock);
    BackupService service =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), model(database)).clock(clock).build(),
                store)
            .clock(clock)
            .scratch(folder.resolve("scratch"))
            .listener(activity)
            .build();
    return new Backups(service, activity, folder, keys, clock);
  }

  static TenantModel model(HostDatabase database) {
    return TenantModel.rootedAt("firms")
        .column(TENANT_COLUMN) // customers and documents; invoices and their lines hang below
        .ignored("logins", "sessions", "activity")
        .files(database.documents(), "documents", "{key[0..2]}/{key}")
        .build();
  }

  void start() {
    scheduler.start();
  }

  BackupService service() {
    return service;
  }

  ActivityLog activity() {
    return activity;
  }

  BackupScheduler scheduler() {
    return scheduler;
  }

  DownloadLinks links() {
    return links;
  }

  ArchiveDownload download() {
    return ArchiveDownload.of(links);
  }

  /**
   * One restore point of a firm. A label is looked for among the firm's own, never taken at its
   * word: what is another firm's is as unknown as what does not exist.
   */
  RestorePoint point(TenantId firm, String label) {
    return service.restorePoints(firm).stream()
        .filter(point -> point.label().value().equals(label))
        .findFirst()
        .orElseThrow(HttpError::notFound);
  }

  /** What the firm's last restore can be undone with. */
  Optional<RestorePoint> undoPoint(TenantId firm) {
    return service.undoPoint(firm);
  }

  /** Asks for a backup as soon as possible; not if one is asked for already. */
  boolean backUpNow(TenantId firm) {
    return scheduler.submit(Job.of(JobKey.of(BackupTenantJob.LABEL, firm).named(BY_HAND)));
  }

  /** Asks for a restore as soon as possible; not if one to this point is asked for already. */
  boolean restore(TenantId firm, RestorePoint point, RestoreOptions options) {
    forgetOldRestores(firm);
    return scheduler.submit(RestoreTenantJob.forTenant(firm, point.label(), options));
  }

  /** Each archive that was ever restored has a job; those that are over long since say nothing. */
  private void forgetOldRestores(TenantId firm) {
    Instant old = clock.instant().minus(WorkView.NEWS);
    for (JobStatus job : scheduler.jobs(firm)) {
      boolean restore = job.job().key().label().equals(RestoreTenantJob.LABEL);
      boolean over = job.running().isEmpty() && job.next().isEmpty();
      if (restore && over && job.last().filter(last -> last.endedAt().isBefore(old)).isPresent()) {
        scheduler.remove(job.job().key());
      }
    }
  }

  /** The job that backs up a firm on its schedule; a firm that is new gets the usual one. */
  Job scheduled(TenantId firm) {
    JobKey key = BackupTenantJob.forTenant(firm).key();
    if (scheduler.find(key).isEmpty()) {
      scheduler.set(BackupTenantJob.forTenant(firm).on(NIGHTLY));
    }
    return scheduler.find(key).orElseThrow().job();
  }

  /**
   * Sets when a firm is backed up.
   *
   * @throws IllegalArgumentException if that is too often
   */
  void schedule(TenantId firm, CronSchedule schedule, boolean active) {
    scheduler.set(BackupTenantJob.forTenant(firm).on(schedule).withActive(active));
  }

  @Override
  public void close() {
    try (service) {
      scheduler.close();
    }
  }
}
