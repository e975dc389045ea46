package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.examples.dashboard.host.Firm;
import dev.sevenfold.examples.dashboard.host.Firms;
import dev.sevenfold.examples.dashboard.host.HostDatabase;
import dev.sevenfold.examples.dashboard.host.Ledger;
import dev.sevenfold.examples.dashboard.host.Logins;
import dev.sevenfold.examples.dashboard.host.Sessions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two firms with some days behind them, and three people, to look around with. Use from one thread.
 */
final class DemoData {

  /** What a person logs in with. */
  record Credential(String email, String password) {}

  private static final List<String> ARTICLES =
      List.of("Rye bread", "Wedding cake", "Cinnamon rolls", "Delivery", "Flowers", "Coffee");

  private static final List<String> FIRST =
      List.of("Anna", "Bo", "Clara", "David", "Eva", "Frida", "Georg", "Hanne", "Ivan", "Julie");

  private static final List<String> LAST =
      List.of("Holm", "Lind", "Dam", "Krogh", "Juul", "Bach", "Toft", "Skov", "Berg", "Lund");

  private static final int NIGHTS = 9;
  private static final int PASSWORD_LENGTH = 20;

  private final HostDatabase database;
  private final Ledger ledger;
  private final Random random = new Random(7);

  DemoData(HostDatabase database) {
    this.database = database;
    this.ledger = new Ledger(database);
  }

  /** Adds the firms and the people, with passwords made on the spot. */
  List<Credential> addPeople() {
    Firms firms = new Firms(database);
    List<Credential> credentials = new ArrayList<>();
    credentials.add(login("rosa@rose.example", "Rosa", Optional.of(firms.add("Rose Bakery"))));
    credentials.add(login("tim@tulip.example", "Tim", Optional.of(firms.add("Tulip Florists"))));
    credentials.add(login("sam@support.example", "Sam", Optional.empty()));
    return credentials;
  }

  private Credential login(String email, String name, Optional<Firm> firm) {
    String password = Sessions.newCookie().substring(0, PASSWORD_LENGTH);
    new Logins(database).add(email, name, password, firm.map(Firm::id));
    return new Credential(email, password);
  }

  /**
   * Lets some nights pass, with a backup of each firm in each. The backups are real; only the clock
   * that the library looks at is not.
   */
  void addHistory(Path folder, LinkKeys keys, Clock clock) {
    List<Firm> firms = new Firms(database).all();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    firms.forEach(firm -> addCustomers(firm, 20, today.minusDays(NIGHTS + 1L)));
    for (int ago = NIGHTS; ago >= 1; ago--) {
      // The same time of day as now, so that no night is in the future.
      Instant then = clock.instant().minus(Duration.ofDays(ago)).plus(Duration.ofHours(5));
      try (Backups backups =
          Backups.of(database, folder, keys, Clock.fixed(then, ZoneOffset.UTC))) {
        for (Firm firm : firms) {
          addCustomers(firm, 2 + random.nextInt(12), today.minusDays(ago));
          backups.service().backup(firm.id());
        }
      }
    }
    firms.forEach(firm -> addCustomers(firm, 2, today));
  }

  private void addCustomers(Firm firm, int count, LocalDate day) {
    for (int i = 0; i < count; i++) {
      Map<String, Integer> lines = new LinkedHashMap<>();
      lines.put(one(ARTICLES), 100 * (1 + random.nextInt(90)));
      lines.put(one(ARTICLES), 100 * (1 + random.nextInt(90)));
      ledger.addCustomer(firm, one(FIRST) + " " + one(LAST), day, lines);
    }
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
