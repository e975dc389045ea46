package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.examples.dashboard.DemoData.Credential;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.host.HostDatabase;
import dev.sevenfold.examples.dashboard.host.LoginThrottle;
import dev.sevenfold.examples.dashboard.host.Logins;
import dev.sevenfold.examples.dashboard.host.Secrets;
import dev.sevenfold.examples.dashboard.host.Sessions;
import dev.sevenfold.examples.dashboard.web.Csrf;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The application, running: its database, the library and its pages. Thread-safe. */
public final class Dashboard implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HostDatabase database;
  private final Backups backups;
  private final WebServer server;

  private Dashboard(Settings settings) throws IOException {
    Files.createDirectories(settings.folder());
    this.database = HostDatabase.in(settings.folder());
    Secrets secrets = Secrets.in(settings.folder().resolve("secret.key"));
    this.backups = Backups.of(database, settings.folder(), linkKeys(secrets), settings.clock());
    Access access =
        new Access(
            new Logins(database),
            new Sessions(database, settings.clock()),
            new LoginThrottle(settings.clock()),
            new Csrf(secrets.key("csrf")),
            settings.isSecure());
    Pages pages = new Pages(access);
    Firms firms = new Firms(database);
    this.server = WebServer.on(settings.port(), pages::error, access::beforeChange, PATIENCE);
    pages.addTo(server);
    new LoginPages(access, pages).addTo(server);
    new TenantPages(access, pages, firms, backups, settings.clock()).addTo(server);
    new RestorePages(access, pages, firms, backups, settings.clock()).addTo(server);
    new DownloadPages(access, backups).addTo(server);
    new SupportPages(access, pages, firms, backups, settings).addTo(server);
  }

  private static LinkKeys linkKeys(Secrets secrets) {
    return LinkKeys.of(secrets.key("links"));
  }

  /** Starts the application on what its folder holds, be it empty. */
  static Dashboard start(Settings settings) throws IOException {
    Dashboard dashboard = new Dashboard(settings);
    new Firms(dashboard.database).all().forEach(firm -> dashboard.backups.scheduled(firm.id()));
    dashboard.backups.start();
    dashboard.server.start();
    return dashboard;
  }

  /**
   * Fills an empty folder with firms, people and some days of backups.
   *
   * @return what the people log in with; kept nowhere else
   */
  static List<Credential> prepare(Settings settings) throws IOException {
    Files.createDirectories(settings.folder());
    HostDatabase database = HostDatabase.in(settings.folder());
    DemoData demo = new DemoData(database);
    List<Credential> credentials = demo.addPeople();
    Secrets secrets = Secrets.in(settings.folder().resolve("secret.key"));
    demo.addHistory(settings.folder(), linkKeys(secrets), settings.clock());
    return credentials;
  }

  /**
   * Runs until it is stopped.
   *
   * @param arguments the folder to keep everything in; by default a new temporary one
   * @throws Exception if it cannot start
   */
  public static void main(String[] arguments) throws Exception {
    Path folder =
        arguments.length > 0
            ? Path.of(arguments[0])
            : Files.createTempDirectory("sevenfold-dashboard-");
    Settings settings = Settings.in(folder);
    boolean isNew = !Files.exists(folder.resolve("ledger.sqlite3"));
    List<Credential> credentials = isNew ? prepare(settings) : List.of();
    CountDownLatch stopped = new CountDownLatch(1);
    try (Dashboard dashboard = start(settings)) {
      Runtime.getRuntime().addShutdownHook(new Thread(dashboard::close));
      System.out.println("\nOpen " + dashboard.address() + " and log in as one of:");
      for (Credential credential : credentials) {
        System.out.printf("  %-22s %s%n", credential.email(), credential.password());
      }
      System.out.println("Everything is kept in " + folder + "; stop with Ctrl-C.");
      stopped.await();
    }
  }

  /** Where a browser of this machine finds it. */
  String address() {
    return "http://localhost:" + server.port();
  }

  /** Every route that there is. */
  List<String> routes() {
    return server.routes();
  }

  HostDatabase database() {
    return database;
  }

  Backups backups() {
    return backups;
  }

  /** Stops, and lets what runs end. */
  @Override
  public void close() {
    server.close();
    backups.close();
  }
}
