package dev.sevenfold.examples.jobs.spring;

import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.FrameworkHost;
import dev.sevenfold.examples.jobs.TimedPlans;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Backups under Spring's {@link TaskScheduler}: for a Spring application of one process. Spring
 * remembers nothing; after a restart, the archives show what was missed. Thread-safe.
 *
 * <p>{@code @Scheduled} would do for one schedule that the developers set; tenants that set their
 * own need the scheduler itself, as here.
 */
public final class SpringHost implements FrameworkHost {

  private final Application application;
  private final AnnotationConfigApplicationContext context;
  private final TaskScheduler scheduler;
  private final Clock clock = Clock.systemUTC();
  private final TimedPlans plans = new TimedPlans();
  private volatile boolean closing;

  /** What a Spring application has anyway; Spring Boot makes the scheduler itself. */
  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    ThreadPoolTaskScheduler taskScheduler() {
      ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
      scheduler.setPoolSize(2);
      scheduler.setThreadNamePrefix("backup-");
      // A backup that runs comes to its end when the application is stopped.
      scheduler.setWaitForTasksToCompleteOnShutdown(true);
      scheduler.setAwaitTerminationSeconds(30);
      scheduler.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
      scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
      return scheduler;
    }
  }

  /** A host in an application context of its own, not started. */
  public SpringHost(Application application) {
    this.application = application;
    this.context = new AnnotationConfigApplicationContext(Beans.class);
    this.scheduler = context.getBean(TaskScheduler.class);
  }

  /**
   * Runs it as a program.
   *
   * @param arguments the application's folder
   * @throws Exception if it cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    Foreground.run(arguments, SpringHost::new);
  }

  @Override
  public void start() {
    planAll(application);
  }

  @Override
  public void plan(TenantId tenant, Instant scheduledAt) {
    runAt(scheduledAt, application.firing(tenant, scheduledAt), tenant);
  }

  private void runAt(Instant dueAt, Firing firing, TenantId tenant) {
    plans.replace(
        tenant, firing.scheduledAt(), () -> scheduler.schedule(() -> run(firing, tenant), dueAt));
  }

  private void run(Firing firing, TenantId tenant) {
    JobOutcome outcome = application.backUp(firing);
    if (closing) {
      return;
    }
    if (Application.isToBeRetried(outcome)) {
      runAt(clock.instant().plus(application.retryAfter()), firing, tenant);
    } else {
      application.next(tenant).ifPresent(instant -> plan(tenant, instant));
    }
  }

  @Override
  public Optional<Instant> planned(TenantId tenant) {
    return plans.planned(tenant);
  }

  @Override
  public void close() {
    closing = true;
    context.close();
  }
}
