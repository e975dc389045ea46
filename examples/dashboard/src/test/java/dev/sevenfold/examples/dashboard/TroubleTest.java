package dev.sevenfold.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people see when something is not well: looked at, measured, and kept as pictures. */
class TroubleTest {

  @RegisterExtension static final Chrome CHROME = new Chrome();

  private static TestApp app;

  @BeforeAll
  static void start() {
    app = TestApp.start();
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static void look(Page page, String name) {
    Looks.check(page, name);
    Chrome.picture(page, name);
  }

  private static List<Page> screens() {
    return List.of(CHROME.desktop(), CHROME.phone());
  }

  private static String screen(Page page) {
    return page.viewportSize().width > 500 ? "desktop-" : "phone-";
  }

  @Test
  void a_backup_that_failed_with_the_schedule_switched_off() {
    Tenant tenant = app.tenant("Out of Luck");
    app.backUp(tenant);
    app.backups().schedule(tenant.id(), Backups.NIGHTLY, false);
    // A new table that nobody has thought of stops every backup.
    app.update("CREATE TABLE surprise (id INTEGER PRIMARY KEY)");
    try {
      for (Page page : screens()) {
        Chrome.logIn(page, app, tenant.email());
        page.getByText("Back up now").first().click();
        assertThat(page.locator("#work")).containsText("The backup did not succeed");
        assertThat(page.locator("#times")).containsText("Nothing is backed up by itself");
        look(page, screen(page) + "failed");
        page.navigate(app.address() + "/points/" + tenantPoint(tenant).label());
        assertThat(page.locator("h1")).hasText("That cannot be done just now");
        look(page, screen(page) + "not-now");
      }
      Page page = CHROME.desktop();
      Chrome.logIn(page, app, app.support());
      page.navigate(app.address() + "/support/firms/" + tenant.id());
      assertThat(page.locator(".note.bad")).containsText("surprise");
      look(page, "desktop-support-failure");
    } finally {
      app.update("DROP TABLE surprise");
    }
  }

  private static RestorePoint tenantPoint(Tenant tenant) {
    return app.backups().service().restorePoints(tenant.id()).get(0);
  }

  @Test
  void a_preview_of_two_hundred_rows() {
    Tenant tenant = app.tenant("Plenty");
    app.update(
        """
        WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 200)
        INSERT INTO customers (firm_id, name, email)
        SELECT ?, 'Customer ' || n || ' of Lower and Upper Saxony',
          'customer.' || n || '.of.lower.and.upper.saxony@mail.example' FROM numbers
        """,
        tenant.id().value());
    RestorePoint point = app.backUp(tenant);
    app.update("UPDATE customers SET name = 'Smith' WHERE firm_id = ?", tenant.id().value());
    for (Page page : screens()) {
      Chrome.logIn(page, app, tenant.email());
      page.navigate(app.address() + "/points/" + point.label() + "?rows=customers");
      Locator rows = page.locator("table.rows tbody tr");
      assertThat(rows).hasCount(PlanView.ROWS);
      assertThat(page.getByText("and 153 more rows")).isVisible();
      look(page, screen(page) + "many-rows");
    }
  }

  @Test
  void a_link_that_was_withdrawn() {
    Tenant tenant = app.tenant("Late");
    RestorePoint point = app.backUp(tenant);
    DownloadLink link = app.backups().links().issue(tenant.id(), point.digest());
    app.backups().links().revoke(link.id());
    for (Page page : screens()) {
      Chrome.logIn(page, app, tenant.email());
      page.navigate(app.address() + "/download/" + link.token().value());
      assertThat(page.locator("main")).containsText("It was withdrawn");
      look(page, screen(page) + "dead-link");
    }
  }
}
