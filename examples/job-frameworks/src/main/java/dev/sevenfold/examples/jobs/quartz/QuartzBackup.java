package dev.sevenfold.examples.jobs.quartz;

import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.SchedulerException;

/** One attempt, as Quartz makes it. Public, with a constructor that Quartz can call. */
@DisallowConcurrentExecution
public final class QuartzBackup implements Job {

  private final Clock clock = Clock.systemUTC();

  /** For Quartz. */
  public QuartzBackup() {}

  @Override
  public void execute(JobExecutionContext context) throws JobExecutionException {
    TenantId tenant = TenantId.of(context.getJobDetail().getKey().getName());
    // The trigger's own time is that of the attempt; the firing's is what counts.
    Instant scheduledAt =
        Instant.parse(context.getMergedJobDataMap().getString(QuartzHost.SCHEDULED_AT));
    try {
      Application application =
          (Application)
              Objects.requireNonNull(
                  context.getScheduler().getContext().get(QuartzHost.APPLICATION));
      JobOutcome outcome = application.backUp(application.firing(tenant, scheduledAt));
      if (Application.isToBeRetried(outcome)) {
        Instant dueAt = clock.instant().plus(application.retryAfter());
        QuartzHost.planAttempt(context.getScheduler(), tenant, scheduledAt, dueAt);
        return;
      }
      Optional<Instant> next = application.next(tenant);
      if (next.isPresent()) {
        QuartzHost.planAttempt(context.getScheduler(), tenant, next.get(), next.get());
      }
    } catch (SchedulerException e) {
      throw new JobExecutionException("What follows could not be planned", e);
    }
  }
}
