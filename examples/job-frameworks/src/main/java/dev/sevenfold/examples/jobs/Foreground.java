package dev.sevenfold.examples.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Runs a host as a program: until Ctrl-C, on an application with three tenants. */
public final class Foreground {

  private static final Duration RETRY_AFTER = Duration.ofMinutes(2);

  private Foreground() {}

  /**
   * Runs a host until the process is stopped.
   *
   * @param arguments the application's folder; a new one if there are none
   * @param host makes the host
   */
  public static void run(String[] arguments, Function<Application, FrameworkHost> host)
      throws Exception {
    Path folder =
        arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("sevenfold-jobs-");
    SampleData.createIn(folder, 3);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  awaitUninterruptibly(stopped);
                }));
    try (Application application = Application.open(folder, RETRY_AFTER, Foreground::print);
        FrameworkHost running = host.apply(application)) {
      running.start();
      for (var tenant : application.backups().tenants()) {
        print("tenant " + tenant + ", next: " + running.planned(tenant).orElseThrow());
      }
      print("backing up " + folder + " until Ctrl-C");
      stop.await();
    } finally {
      stopped.countDown();
    }
  }

  /**
   * The database of the jobs, for frameworks that keep them in PostgreSQL.
   *
   * @param arguments the application's folder, and the URL of the database
   * @throws IllegalArgumentException if there are not two
   */
  public static DataSource database(String[] arguments) {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "Give two arguments, a folder for the application and the URL of a PostgreSQL database:"
              + " /tmp/app jdbc:postgresql://localhost/jobs?user=me");
    }
    PGSimpleDataSource jobs = new PGSimpleDataSource();
    jobs.setUrl(arguments[1]);
    return jobs;
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
