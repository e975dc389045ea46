package dev.sevenfold.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What support does, each in a real browser. */
class SupportFlowTest {

  @RegisterExtension static final Chrome CHROME = new Chrome();

  private static TestApp app;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    app = TestApp.start();
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private Path download(RestorePoint point) throws IOException {
    Path file = folder.resolve(point.label() + ".tar.gz");
    try (InputStream in = app.backups().service().open(point.label())) {
      Files.copy(in, file);
    }
    return file;
  }

  private static Page firmPage(Tenant tenant) {
    Page page = CHROME.desktop();
    Chrome.logIn(page, app, app.support());
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(tenant.firm().name()))
        .click();
    return page;
  }

  private static void upload(Page page, Path file) {
    page.getByLabel("Archive (").setInputFiles(file);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Import and relabel"))
        .click();
  }

  @Test
  void takes_in_an_archive_that_a_firm_kept_and_relabels_it() throws IOException {
    Tenant tenant = app.tenant("Old Keepers");
    Path file = download(app.backUp(tenant));
    Page page = firmPage(tenant);

    upload(page, file);

    String label = "tenant_%s_%s".formatted(tenant.id(), LocalDate.now(ZoneOffset.UTC));
    assertThat(page.locator(".note.good")).containsText(label);
    Locator row = page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText("Pinned"));
    assertThat(row).containsText(label);
    assertThat(app.backups().service().restorePoints(tenant.id()))
        .filteredOn(RestorePoint::pinned)
        .singleElement()
        .satisfies(point -> assertThat(point.label().value()).isEqualTo(label));
    assertThat(app.uploads()).isEmpty();

    row.getByText("Release").click();
    assertThat(page.getByText("Pinned")).hasCount(0);
    assertThat(app.backups().service().restorePoints(tenant.id())).noneMatch(RestorePoint::pinned);
  }

  @Test
  void refuses_the_archive_of_another_firm() throws IOException {
    Tenant tenant = app.tenant("Mine");
    Path file = download(app.backUp(app.tenant("Theirs")));
    Page page = firmPage(tenant);

    upload(page, file);

    assertThat(page.getByRole(AriaRole.ALERT)).containsText("not of tenant " + tenant.id());
    assertThat(app.backups().service().restorePoints(tenant.id())).isEmpty();
  }

  @Test
  void refuses_a_file_that_is_no_archive_and_one_that_is_damaged() throws IOException {
    Tenant tenant = app.tenant("Damaged Goods");
    byte[] bytes = Files.readAllBytes(download(app.backUp(tenant)));
    bytes[bytes.length / 2] ^= 1;
    Page page = firmPage(tenant);

    upload(page, Files.write(folder.resolve("damaged.tar.gz"), bytes));
    assertThat(page.getByRole(AriaRole.ALERT))
        .containsText("is no archive of ours, or it is damaged");
    upload(page, Files.writeString(folder.resolve("letter.txt"), "Dear support"));
    assertThat(page.getByRole(AriaRole.ALERT))
        .containsText("is no archive of ours, or it is damaged");

    assertThat(app.backups().service().restorePoints(tenant.id())).hasSize(1);
    assertThat(app.uploads()).isEmpty();
  }

  @Test
  void refuses_a_file_that_is_too_large() throws IOException {
    Tenant tenant = app.tenant("Too Much");
    Path file = folder.resolve("large.tar.gz");
    Files.write(file, new byte[(int) TestApp.LARGEST_UPLOAD + 1]);
    Page page = firmPage(tenant);

    upload(page, file);
    // The browser says so before anything is sent.
    assertThat(page.getByLabel("Archive ("))
        .hasJSProperty("validationMessage", "This file is too large.");

    page.evaluate("() => document.querySelector('#file').setCustomValidity('')");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Import and relabel"))
        .click();
    assertThat(page.getByRole(AriaRole.ALERT))
        .containsText("larger than the %d bytes".formatted(TestApp.LARGEST_UPLOAD));
    assertThat(app.uploads()).isEmpty();
  }
}
