package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Another site sends our forms, with cookies that are right: whatever the form, nothing happens.
 */
class ForgedFormTest {

  private static TestApp app;
  private static Tenant tenant;
  private static RestorePoint point;
  private static Visitor person;
  private static Visitor support;
  private static Visitor stranger;

  @BeforeAll
  static void start() {
    app = TestApp.start();
    tenant = app.tenant("Victim");
    point = app.backUp(tenant);
    app.backups().service().pin(point.label());
    app.spoil(tenant);
    app.backups().service().restore(tenant.id(), point.label());
    app.spoil(tenant);
    person = Visitor.loggedIn(app, tenant.email());
    support = Visitor.loggedIn(app, app.support());
    stranger = Visitor.loggedIn(app, app.tenant("Attacker").email());
    person.get("/");
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  /** Whatever a request could change. */
  private static List<Object> state() {
    List<JobStatus> jobs = app.backups().scheduler().jobs(tenant.id());
    return List.of(app.customers(tenant), jobs, app.backups().service().restorePoints(tenant.id()));
  }

  /** The address of a route that changes something; empty for one that only shows something. */
  private static Optional<String> change(String route) {
    String method = route.substring(0, route.indexOf(' '));
    String path = route.substring(route.indexOf(' ') + 1);
    return method.equals("GET")
        ? Optional.empty()
        : Optional.of(
            path.replace("{label}", point.label().value()).replace("{id}", tenant.id().value()));
  }

  private static List<String> changes() {
    return app.routes().stream().flatMap(route -> change(route).stream()).toList();
  }

  /** A form without a token, and with one that is wrong. */
  private static List<HttpResponse<String>> forged(Visitor who, String path, List<String> wrong) {
    String[] fields = {"name", "Victim", "cron", "0 5 * * *", "zone", "UTC"};
    List<HttpResponse<String>> answers = new ArrayList<>();
    answers.add(who.post(path, fields));
    answers.add(who.upload(path, new byte[100], "csrf", wrong.get(0)));
    wrong.forEach(token -> answers.add(who.post(path, "csrf", token, "name", "Victim")));
    return answers;
  }

  private static void assertRefused(String path, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(path).isEqualTo(403);
    assertThat(response.body()).as(path).contains("This page was open for too long");
  }

  @Test
  void no_route_changes_anything_without_the_token_of_the_session() {
    assertThat(changes())
        .contains("/backups", "/undo", "/schedule", "/logout", Access.LOGIN)
        .contains("/support/firms/" + tenant.id() + "/archives")
        .noneMatch(path -> path.contains("{"));
    List<Object> before = state();
    String own = person.csrf("/");
    String supports = support.csrf("/support/firms/" + tenant.id());
    List<String> wrong = List.of(own + "x", "", stranger.csrf("/"), person.csrf(Access.LOGIN));
    for (String path : changes()) {
      if (!path.equals(Access.LOGIN)) {
        forged(person, path, wrong).forEach(answer -> assertRefused(path, answer));
        forged(support, path, List.of(own)).forEach(answer -> assertRefused(path, answer));
        assertRefused(path, person.post(path + "?csrf=" + own, "csrf", supports));
      }
    }
    assertThat(state()).isEqualTo(before);
    assertThat(person.get("/").statusCode()).isEqualTo(200);
    assertThat(support.get("/support").statusCode()).isEqualTo(200);
  }

  @Test
  void with_the_token_none_is_refused_for_it() {
    Visitor allowed = Visitor.loggedIn(app, app.tenant("Allowed").email());
    Visitor leaving = Visitor.loggedIn(app, app.tenant("Leaving").email());
    for (String path : changes()) {
      Visitor who = path.equals("/logout") || path.equals(Access.LOGIN) ? leaving : allowed;
      String token = who.csrf(path.equals(Access.LOGIN) ? path : "/");
      assertThat(who.post(path, "csrf", token).statusCode()).as(path).isNotEqualTo(403);
    }
  }

  @Test
  void nobody_is_logged_in_by_a_form_that_another_browser_was_shown() {
    Visitor lured = Visitor.at(app);
    String own = lured.csrf(Access.LOGIN);
    for (String token : List.of("", own + "x", stranger.csrf(Access.LOGIN), stranger.csrf("/"))) {
      HttpResponse<String> response =
          lured.post(
              Access.LOGIN, "csrf", token, "email", tenant.email(), "password", TestApp.PASSWORD);
      assertRefused(Access.LOGIN, response);
    }
    assertThat(lured.cookie("session")).isEmpty();
  }

  @Test
  void who_is_not_logged_in_is_sent_to_the_login_page_by_every_form() {
    for (String path : changes()) {
      if (!path.equals(Access.LOGIN)) {
        HttpResponse<String> response = Visitor.at(app).post(path, "csrf", "any");
        assertThat(response.statusCode()).as(path).isEqualTo(303);
        assertThat(response.headers().firstValue("Location")).contains(Access.LOGIN);
      }
    }
  }
}
