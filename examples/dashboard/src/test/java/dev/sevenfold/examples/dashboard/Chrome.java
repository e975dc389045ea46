package dev.sevenfold.examples.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.sevenfold.testsupport.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Debian's Chromium, started once for all tests. Use from one thread. */
final class Chrome implements BeforeAllCallback {

  /** What is started once. */
  private record Started(Playwright playwright, Browser browser) implements AutoCloseable {

    static Started now() {
      Path chromium = Programs.require("chromium", "chromium");
      // Two cores, shared with other tests.
      PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      BrowserType.LaunchOptions options =
          new BrowserType.LaunchOptions().setExecutablePath(chromium).setArgs(ARGUMENTS);
      return new Started(playwright, playwright.chromium().launch(options));
    }

    @Override
    public void close() {
      playwright.close();
    }
  }

  /** It must not look up anything outside: its own services are switched off. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final Path PICTURES = Path.of("target/pictures");

  private final List<String> complaints = new ArrayList<>();

  private Optional<Browser> browser = Optional.empty();

  @Override
  public void beforeAll(ExtensionContext context) {
    Started started =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent("chrome", any -> Started.now(), Started.class);
    browser = Optional.of(started.browser());
  }

  /** A window of a desktop, without cookies. */
  Page desktop() {
    return open(new Browser.NewContextOptions().setViewportSize(1200, 900));
  }

  /** A small phone. */
  Page phone() {
    return open(
        new Browser.NewContextOptions()
            .setViewportSize(360, 740)
            .setDeviceScaleFactor(2)
            .setHasTouch(true)
            .setIsMobile(true));
  }

  /** A browser that runs no scripts. */
  Page withoutScripts() {
    return open(new Browser.NewContextOptions().setJavaScriptEnabled(false));
  }

  private Page open(Browser.NewContextOptions options) {
    BrowserContext context = browser.orElseThrow().newContext(options);
    context.setDefaultTimeout(20_000);
    Page page = context.newPage();
    // What the security policy refuses, and what scripts throw.
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("status of 4")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  /** What pages complained about so far. */
  List<String> complaints() {
    return complaints;
  }

  static void logIn(Page page, TestApp app, String email) {
    logIn(page, app.address(), email, TestApp.PASSWORD);
  }

  static void logIn(Page page, String address, String email, String password) {
    page.navigate(address + "/login");
    page.getByLabel("Mail address").fill(email);
    page.getByLabel("Password").fill(password);
    page.getByText("Log in").last().click();
    page.getByText("Log out").waitFor();
  }

  /** Keeps a picture of the whole page. */
  static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }
}
