package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {

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

  @Test
  void a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    Tenant tenant = app.tenant("Wrong");
    Visitor visitor = Visitor.at(app);

    HttpResponse<String> wrong = visitor.logIn(tenant.email(), "not the password");
    HttpResponse<String> unknown = visitor.logIn("nobody@test.example", "not the password");

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body()).contains("do not belong together");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body().replace("nobody@test.example", tenant.email()))
        .isEqualTo(wrong.body());
    assertThat(visitor.cookie("session")).isEmpty();
  }

  @Test
  void guessing_is_slowed_down_and_the_right_password_has_to_wait_too() {
    Tenant tenant = app.tenant("Guessed");
    Visitor visitor = Visitor.at(app);
    for (int i = 0; i < 5; i++) {
      assertThat(visitor.logIn(tenant.email(), "guess " + i).statusCode()).isEqualTo(401);
    }

    HttpResponse<String> response =
        visitor.logIn(tenant.email().toUpperCase(Locale.ROOT), TestApp.PASSWORD);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("Too many wrong passwords").contains("Wait a minute");
    assertThat(Visitor.loggedIn(app, app.tenant("Not guessed").email()).get("/").statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_login_makes_a_new_session_and_ends_the_one_before() {
    Tenant tenant = app.tenant("Rotated");
    Visitor visitor = Visitor.at(app);
    visitor.setCookie("session", "chosen-by-somebody-else");

    visitor.logIn(tenant.email(), TestApp.PASSWORD);
    String first = visitor.cookie("session").orElseThrow();
    visitor.logIn(tenant.email(), TestApp.PASSWORD);
    String second = visitor.cookie("session").orElseThrow();

    assertThat(first).isNotEqualTo("chosen-by-somebody-else").hasSizeGreaterThan(40);
    assertThat(second).isNotEqualTo(first);
    Visitor thief = Visitor.at(app);
    thief.setCookie("session", first);
    assertThat(thief.get("/").statusCode()).isEqualTo(303);
    assertThat(visitor.get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void logging_out_ends_the_session_for_who_kept_its_cookie() {
    Visitor visitor = Visitor.loggedIn(app, app.tenant("Leaving").email());
    String cookie = visitor.cookie("session").orElseThrow();

    visitor.post("/logout", "csrf", visitor.csrf("/"));

    Visitor later = Visitor.at(app);
    later.setCookie("session", cookie);
    assertThat(later.get("/").statusCode()).isEqualTo(303);
  }

  @Test
  void cookies_are_hidden_from_scripts_and_from_other_sites() {
    HttpResponse<String> page = Visitor.at(app).get("/login");

    assertThat(page.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .contains("; HttpOnly", "; SameSite=Lax", "; Path=/")
        .doesNotContain("Secure");
  }

  @Test
  void behind_tls_cookies_never_leave_it() throws Exception {
    Settings settings = TestApp.settings(folder).at(URI.create("https://ledgerly.example"));
    try (Dashboard dashboard = Dashboard.start(settings)) {
      HttpResponse<Void> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(dashboard.address() + "/login")).build(),
                  HttpResponse.BodyHandlers.discarding());

      assertThat(response.headers().allValues("Set-Cookie"))
          .singleElement()
          .asString()
          .endsWith("; Secure");
    }
  }

  @Test
  void pages_allow_nothing_but_our_own_scripts_and_styles() {
    Visitor visitor = Visitor.loggedIn(app, app.tenant("Strict").email());

    HttpResponse<String> page = visitor.get("/");

    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.body()).doesNotContain(" style=", " onclick=", "http://", "https://", "<style");
  }
}
