package dev.sevenfold.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.DemoData.Credential;
import dev.sevenfold.examples.dashboard.host.Firm;
import dev.sevenfold.examples.dashboard.host.Firms;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every page, on a desktop and on a phone: looked at, measured, and kept as a picture. */
class PicturesTest {

  @RegisterExtension static final Chrome CHROME = new Chrome();

  @TempDir static Path folder;

  private static Dashboard dashboard;
  private static List<Credential> people;
  private static Firm rose;

  @BeforeAll
  static void start() throws Exception {
    Settings settings = Settings.in(folder.resolve("data")).onPort(0).by(Clock.systemUTC());
    people = Dashboard.prepare(settings);
    dashboard = Dashboard.start(settings);
    rose = new Firms(dashboard.database()).find(firmId()).orElseThrow();
    dashboard.backups().service().pin(points().get(5).label());
    dashboard
        .database()
        .update("DELETE FROM customers WHERE id % 3 = 0 AND firm_id = ?", rose.id().value());
    dashboard
        .database()
        .update(
            "UPDATE customers SET name = 'Smith' WHERE id % 3 = 1 AND firm_id = ?",
            rose.id().value());
  }

  private static TenantId firmId() {
    return TenantId.of(1);
  }

  private static List<RestorePoint> points() {
    return dashboard.backups().service().restorePoints(firmId());
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  private static void look(Page page, String name) {
    Looks.check(page, name);
    Chrome.picture(page, name);
  }

  private static void logIn(Page page, Credential who) {
    Chrome.logIn(page, dashboard.address(), who.email(), who.password());
  }

  @Test
  void the_pages_of_a_firm_on_a_desktop() {
    tour(CHROME.desktop(), "desktop");
  }

  @Test
  void the_pages_of_a_firm_on_a_phone() {
    tour(CHROME.phone(), "phone");
  }

  private static void tour(Page page, String screen) {
    page.navigate(dashboard.address() + "/login");
    look(page, screen + "-login");
    logIn(page, people.get(0));
    assertThat(page.locator("#points tbody tr")).hasCount(7);
    look(page, screen + "-home");
    String point = "/points/" + points().get(2).label();
    page.navigate(dashboard.address() + point);
    look(page, screen + "-preview");
    page.navigate(dashboard.address() + point + "?rows=customers");
    look(page, screen + "-rows");
    page.navigate(dashboard.address() + point + "/restore");
    look(page, screen + "-restore");
    page.getByRole(AriaRole.TEXTBOX).fill("Rose");
    page.locator("button.danger").click();
    assertThat(page.locator("#wrong")).isVisible();
    look(page, screen + "-restore-wrong");
    page.navigate(dashboard.address() + "/nowhere");
    look(page, screen + "-error");
  }

  @Test
  void the_pages_of_support() {
    for (Page page : List.of(CHROME.desktop(), CHROME.phone())) {
      String screen = page.viewportSize().width > 500 ? "desktop" : "phone";
      logIn(page, people.get(2));
      look(page, screen + "-support");
      page.navigate(dashboard.address() + "/support/firms/" + rose.id());
      look(page, screen + "-support-firm");
    }
  }

  @Test
  void an_empty_firm_with_a_very_long_name() {
    try (TestApp app = TestApp.start()) {
      String name =
          "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
              + " & Sons <Export> of Lower Saxony";
      TestApp.Tenant tenant = app.tenant(name);
      for (Page page : List.of(CHROME.desktop(), CHROME.phone())) {
        String screen = page.viewportSize().width > 500 ? "desktop" : "phone";
        Chrome.logIn(page, app, tenant.email());
        look(page, screen + "-empty");
      }
      RestorePoint point = app.backUp(tenant);
      app.spoil(tenant);
      Page page = CHROME.phone();
      Chrome.logIn(page, app, tenant.email());
      page.navigate(app.address() + "/points/" + point.label() + "/restore");
      look(page, "phone-long-name");
    }
  }

  @Test
  void a_restore_that_can_be_undone_and_many_pinned_points() {
    try (TestApp app = TestApp.start()) {
      TestApp.Tenant tenant = app.tenant("Many Points");
      for (int i = 0; i < 20; i++) {
        app.backups().service().pin(app.backUp(tenant).label());
      }
      app.spoil(tenant);
      RestorePoint third = app.backups().service().restorePoints(tenant.id()).get(3);
      app.backups().restore(tenant.id(), third, RestoreOptions.DEFAULT);
      for (Page page : List.of(CHROME.desktop(), CHROME.phone())) {
        String screen = page.viewportSize().width > 500 ? "desktop" : "phone";
        Chrome.logIn(page, app, tenant.email());
        assertThat(page.locator("#undo")).containsText("You went back to");
        look(page, screen + "-restored");
      }
      Page page = CHROME.desktop();
      Chrome.logIn(page, app, tenant.email());
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      Chrome.picture(page, "print-home");
      assertThat(page.locator("button.primary")).isHidden();
    }
  }
}
