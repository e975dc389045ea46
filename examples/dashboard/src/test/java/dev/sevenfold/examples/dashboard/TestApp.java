package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.host.Firm;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.host.HostDatabase;
import dev.sevenfold.examples.dashboard.host.Ledger;
import dev.sevenfold.examples.dashboard.host.Logins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The application, running for the tests of a class. Each test makes a firm of its own. */
final class TestApp implements AutoCloseable {

  static final String PASSWORD = "correct horse battery";

  static final long LARGEST_UPLOAD = 1 << 20;

  /** A firm and the address of its person. */
  record Tenant(Firm firm, String email) {
    TenantId id() {
      return firm.id();
    }
  }

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Dashboard dashboard;
  private final Path folder;

  private TestApp(Dashboard dashboard, Path folder) {
    this.dashboard = dashboard;
    this.folder = folder;
  }

  static TestApp start() {
    try {
      Path folder = Files.createTempDirectory("dashboard-");
      return new TestApp(Dashboard.start(settings(folder)), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings settings(Path folder) {
    return Settings.in(folder).onPort(0).uploadingUpTo(LARGEST_UPLOAD).by(Clock.systemUTC());
  }

  String address() {
    return dashboard.address();
  }

  List<String> routes() {
    return dashboard.routes();
  }

  Backups backups() {
    return dashboard.backups();
  }

  Path folder() {
    return folder;
  }

  /** What uploads wait in until they are read: none is left when nobody uploads. */
  List<Path> uploads() {
    try (Stream<Path> files = Files.walk(folder.resolve("scratch"))) {
      return files.filter(file -> file.endsWith("file/archive")).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // a folder that was removed meanwhile
    }
  }

  /** A new firm with three customers. */
  Tenant tenant(String name) {
    Firm firm = new Firms(dashboard.database()).add(name);
    for (String customer : List.of("Anna Holm", "Bo Lind", "Clara Dam")) {
      ledger().addCustomer(firm, customer, LocalDate.of(2026, 11, 24), Map.of("Rye bread", 4200));
    }
    return new Tenant(firm, login(Optional.of(firm)));
  }

  /** A new person of support. */
  String support() {
    return login(Optional.empty());
  }

  private String login(Optional<Firm> firm) {
    String email = "person" + NUMBERS.incrementAndGet() + "@test.example";
    new Logins(dashboard.database()).add(email, "Kim", PASSWORD, firm.map(Firm::id));
    return email;
  }

  Ledger ledger() {
    return new Ledger(dashboard.database());
  }

  List<String> customers(Tenant tenant) {
    return ledger().customers(tenant.firm());
  }

  RestorePoint backUp(Tenant tenant) {
    return backups().service().backup(tenant.id()).restorePoint();
  }

  /** What people do to their data: one renamed, one deleted, one added. */
  void spoil(Tenant tenant) {
    String id = tenant.id().value();
    update("UPDATE customers SET name = 'Smith' WHERE name = 'Anna Holm' AND firm_id = ?", id);
    update("DELETE FROM customers WHERE name = 'Bo Lind' AND firm_id = ?", id);
    update(
        "INSERT INTO customers (firm_id, name, email) VALUES (?, 'New', 'new@mail.example')", id);
  }

  void update(String sql, Object... values) {
    dashboard.database().update(sql, values);
  }

  HostDatabase database() {
    return dashboard.database();
  }

  @Override
  public void close() {
    dashboard.close();
  }
}
