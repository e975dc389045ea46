package dev.sevenfold.examples.jobs.spring;

import dev.sevenfold.examples.jobs.Application;
import dev.sevenfold.examples.jobs.Foreground;
import dev.sevenfold.examples.jobs.TimerHost;
import java.time.Instant;
import java.util.concurrent.Future;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Backups under Spring's {@link TaskScheduler}. {@code @Scheduled} would do for one schedule that
 * the developers set; tenants that set their own need the scheduler itself, as here. Thread-safe.
 */
public final class SpringHost extends TimerHost {

  private final AnnotationConfigApplicationContext context;
  private final TaskScheduler scheduler;

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
    super(application);
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
  protected Future<?> timer(Instant at, Runnable work) {
    return scheduler.schedule(work, at);
  }

  @Override
  protected void stop() {
    context.close();
  }
}
