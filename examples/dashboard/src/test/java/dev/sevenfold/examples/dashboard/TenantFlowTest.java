package dev.sevenfold.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people of a firm do, each in a real browser. */
class TenantFlowTest {

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

  @AfterEach
  void nothing_was_refused_by_the_security_policy() {
    assertThat(CHROME.complaints()).isEmpty();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  private static Page home(Page page, Tenant tenant) {
    Chrome.logIn(page, app, tenant.email());
    return page;
  }

  @Test
  void backs_up_now_and_shows_how_far_it_is() {
    Tenant tenant = app.tenant("Progress & Co");
    Page page = home(CHROME.desktop(), tenant);
    assertThat(page.getByText("There is nothing to go back to yet.")).isVisible();

    try (TenantSource source =
            SqliteTenantSource.builder(app.database().file(), Backups.model(app.database()))
                .build();
        TenantLock held = source.lock(tenant.id())) {
      button(page, "Back up now").click();
      assertThat(heading(page, "Backing up …")).isVisible();
      assertThat(page.getByRole(AriaRole.PROGRESSBAR)).isVisible();
      assertThat(page.locator("#status")).hasText("Backing up …");
    }

    // No reload: the page finds out by itself.
    assertThat(page.locator("#work")).containsText("Backed up, and verified.");
    assertThat(page.locator("#status")).hasText("Backed up, and verified");
    assertThat(page.locator("#points tbody tr")).hasCount(1);
    assertThat(page.locator("#points")).containsText("Verified");
    assertThat(page.locator("#facts")).containsText("just now");
    assertThat(app.backups().service().restorePoints(tenant.id())).hasSize(1);
  }

  @Test
  void works_without_scripts_too() {
    Tenant tenant = app.tenant("No Script Ltd");
    Page page = home(CHROME.withoutScripts(), tenant);

    button(page, "Back up now").click();
    await().until(() -> app.backups().service().restorePoints(tenant.id()).size() == 1);
    page.reload();

    assertThat(page.locator("#points tbody tr")).hasCount(1);
    page.getByLabel("When", new Page.GetByLabelOptions().setExact(true)).fill("61 * * * *");
    button(page, "Save the schedule").click();
    assertThat(page.locator("#times")).containsText("61");
  }

  @Test
  void edits_the_schedule_with_the_next_five_times_shown_live() {
    Tenant tenant = app.tenant("Clockwork");
    Page page = home(CHROME.desktop(), tenant);
    Locator cron = page.getByLabel("When", new Page.GetByLabelOptions().setExact(true));
    Locator times = page.locator("#times");
    assertThat(times.locator("h3")).hasText("At 01:01, Tuesday to Saturday");
    assertThat(times.locator("li")).hasCount(5);

    cron.fill("0 22 * * 5");
    assertThat(times.locator("h3")).hasText("At 22:00, on Friday");
    assertThat(times.locator("li").first()).containsText("Friday");
    cron.fill("*/5 * * * *");
    assertThat(times).containsText("at least 1h must lie between two firings");
    assertThat(cron).hasAttribute("aria-invalid", "true");
    button(page, "Save the schedule").click();
    assertThat(times).containsText("at least 1h must lie between two firings");
    assertThat(app.backups().scheduled(tenant.id()).schedule()).contains(Backups.NIGHTLY);

    cron.fill("30 6 1 * *");
    page.getByLabel("Time zone").selectOption("Asia/Tokyo");
    button(page, "Save the schedule").click();
    assertThat(page.getByText("The schedule is saved.")).isVisible();
    assertThat(page.locator("#facts")).containsText("At 06:30, on day 1 of the month");
    assertThat(app.backups().scheduled(tenant.id()).schedule().orElseThrow())
        .hasToString("30 6 1 * * Asia/Tokyo");

    page.getByLabel("Switched on").uncheck();
    button(page, "Save the schedule").click();
    assertThat(page.locator("#facts")).containsText("Switched off");
    assertThat(times).containsText("Nothing is backed up by itself");
    page.getByLabel("Switched on").check();
    assertThat(times).not().containsText("Nothing is backed up by itself");
    assertThat(app.backups().scheduled(tenant.id()).active()).isFalse();
  }

  @Test
  void downloads_an_archive_by_a_signed_link() {
    Tenant tenant = app.tenant("Takeaway");
    RestorePoint point = app.backUp(tenant);
    Page page = home(CHROME.desktop(), tenant);

    Download download =
        page.waitForDownload(
            () ->
                page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Download"))
                    .click());

    assertThat(download.suggestedFilename()).isEqualTo(point.label() + ".tar.gz");
    VerifiedFile file = app.backups().service().verify(download.path());
    assertThat(file.tenant()).contains(tenant.id());
  }

  @Test
  void previews_table_by_table_and_shows_rows_on_request() {
    Tenant tenant = app.tenant("Looking Glass");
    app.backUp(tenant);
    app.spoil(tenant);
    Page page = home(CHROME.desktop(), tenant);

    link(page, "Preview").click();
    assertThat(page.locator("h2").first())
        .hasText("3 rows would come back, 1 row would change, 1 row would go");
    Locator customers = page.locator("#customers td.number");
    assertThat(customers).hasText(new String[] {"1", "1", "1", "1"});
    assertThat(page.locator("table.rows")).hasCount(0);

    link(page, "Show rows of Customers").click();
    Locator rows = page.locator("table.rows tbody tr");
    assertThat(rows).hasCount(3);
    assertThat(page.locator("table.rows thead th"))
        .hasText(new String[] {"What happens", "id", "name", "email"});
    assertThat(page.locator("table.rows del")).hasText("Smith");
    assertThat(page.locator("table.rows ins")).hasText("Anna Holm");
    assertThat(rows.filter(new Locator.FilterOptions().setHasText("Comes back")))
        .containsText("Bo Lind");
    assertThat(app.customers(tenant)).containsExactly("Smith", "Clara Dam", "New");
  }

  @Test
  void brings_back_what_is_gone_and_nothing_else_and_undoes_it() {
    Tenant tenant = app.tenant("Second Thoughts");
    app.backUp(tenant);
    app.spoil(tenant);
    Page page = home(CHROME.desktop(), tenant);

    link(page, "Preview").click();
    page.getByLabel("Put back what was changed").uncheck();
    page.getByLabel("Take away what is new").uncheck();
    button(page, "Show what would change").click();
    assertThat(page.locator("h2").first()).hasText("3 rows would come back");
    assertThat(page.getByLabel("Put back what was changed")).not().isChecked();
    link(page, "Show rows of Customers").click();
    assertThat(page.locator("table.rows tbody tr")).hasCount(1);

    link(page, "Restore …").click();
    page.getByLabel("Type Second").fill("Second Thoughts");
    button(page, "Restore").click();
    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(app.customers(tenant)).containsExactly("Smith", "Bo Lind", "Clara Dam", "New");

    app.ledger().addCustomer(tenant.firm(), "Newer", LocalDate.of(2026, 11, 25), Map.of());
    link(page, "Undo").click();
    button(page, "Undo the restore").click();
    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(app.customers(tenant)).containsExactly("Smith", "Clara Dam", "New", "Newer");
  }

  @Test
  void does_nothing_that_was_not_on_the_screen() {
    Tenant tenant = app.tenant("Moving On");
    app.backUp(tenant);
    app.spoil(tenant);
    Page page = home(CHROME.desktop(), tenant);

    link(page, "Restore").click();
    assertThat(page.locator(".sum"))
        .containsText("3 rows would come back, 1 row would change, 1 row would go");
    app.ledger().addCustomer(tenant.firm(), "Meanwhile", LocalDate.of(2026, 11, 25), Map.of());
    page.getByLabel("Type Moving").fill("Moving On");
    button(page, "Restore").click();

    assertThat(page.getByRole(AriaRole.ALERT)).containsText("Something changed since you looked");
    assertThat(page.locator(".sum"))
        .containsText("3 rows would come back, 1 row would change, 4 rows would go");
    assertThat(app.customers(tenant)).containsExactly("Smith", "Clara Dam", "New", "Meanwhile");

    button(page, "Restore").click();
    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(app.customers(tenant)).containsExactly("Anna Holm", "Bo Lind", "Clara Dam");
  }

  @Test
  void restores_once_the_name_is_typed_and_undoes_it() {
    Tenant tenant = app.tenant("Phoenix \"Fire\" <Works>");
    Tenant other = app.tenant("Bystanders");
    app.backUp(tenant);
    app.spoil(tenant);
    Page page = home(CHROME.desktop(), tenant);

    link(page, "Restore").click();
    page.getByLabel("Type Phoenix").fill("phoenix");
    button(page, "Restore").click();
    assertThat(page.getByText("That is not the name. Nothing was changed.")).isVisible();
    assertThat(app.customers(tenant)).containsExactly("Smith", "Clara Dam", "New");

    page.getByLabel("Type Phoenix").fill("Phoenix \"Fire\" <Works>");
    button(page, "Restore").click();
    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(page.locator("#undo")).containsText("3 rows came back, 1 row changed, 1 row went");
    assertThat(app.customers(tenant)).containsExactly("Anna Holm", "Bo Lind", "Clara Dam");
    assertThat(app.customers(other)).containsExactly("Anna Holm", "Bo Lind", "Clara Dam");

    link(page, "Undo …").click();
    button(page, "Undo the restore").click();
    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(app.customers(tenant)).containsExactly("Smith", "Clara Dam", "New");
  }

  @Test
  void says_what_stands_in_the_way_and_offers_no_restore() {
    Tenant tenant = app.tenant("Blocked");
    Tenant other = app.tenant("Squatters");
    app.backUp(tenant);
    // A row of the firm goes, and another firm takes its id.
    app.update("DELETE FROM documents WHERE firm_id = ?", tenant.id().value());
    app.update(
        "UPDATE documents SET id = (SELECT min(id) - 3 FROM documents WHERE firm_id = ?)"
            + " WHERE id = (SELECT min(id) FROM documents WHERE firm_id = ?)",
        other.id().value(),
        other.id().value());
    Page page = home(CHROME.desktop(), tenant);

    link(page, "Restore").click();

    assertThat(heading(page, "This stands in the way")).isVisible();
    assertThat(button(page, "Restore")).hasCount(0);
  }

  @Test
  void can_restore_with_the_keyboard_alone() {
    Tenant tenant = app.tenant("Keys");
    app.backUp(tenant);
    app.spoil(tenant);
    Page page = home(CHROME.desktop(), tenant);

    List<String> order = Keyboard.tabUntil(page, "Restore ");
    assertThat(order)
        .startsWith("Skip to the content", "Ledgerly", "Log out", "Back up now")
        .endsWith("Preview Today", "Restore Today");
    page.keyboard().press("Enter");
    // The field has the focus already.
    page.getByLabel("Type Keys").waitFor();
    page.keyboard().type("Keys");
    page.keyboard().press("Enter");

    assertThat(page.locator("#work")).containsText("Restored.");
    assertThat(app.customers(tenant)).containsExactly("Anna Holm", "Bo Lind", "Clara Dam");
  }
}
