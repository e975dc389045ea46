package dev.sevenfold.examples.jobs.jobrunr;

import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import java.time.Instant;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/** One attempt, as JobRunr makes it. */
public final class BackupHandler implements JobRequestHandler<BackupRequest> {

  private final Application application;
  private final JobRunrHost host;

  BackupHandler(Application application, JobRunrHost host) {
    this.application = application;
    this.host = host;
  }

  @Override
  public void run(BackupRequest request) {
    TenantId tenant = TenantId.of(request.tenant());
    // First of all: if this attempt takes the process down, the next night is planned.
    application.next(tenant).ifPresent(instant -> host.planBeside(tenant, instant));
    JobOutcome outcome =
        application.backUp(application.firing(tenant, Instant.parse(request.scheduledAt())));
    if (Application.isToBeRetried(outcome)) {
      // How JobRunr is told to try again, with growing waits.
      throw new BackupNotMade(outcome.toString());
    }
  }

  /** Makes JobRunr try again. */
  static final class BackupNotMade extends RuntimeException {
    BackupNotMade(String outcome) {
      super(outcome);
    }
  }
}
