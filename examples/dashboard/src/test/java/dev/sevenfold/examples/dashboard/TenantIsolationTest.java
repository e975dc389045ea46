package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody of one firm tries everything on another firm, and gets nothing. */
class TenantIsolationTest {

  private static TestApp app;
  private static Tenant own;
  private static Tenant other;
  private static RestorePoint ownPoint;
  private static RestorePoint otherPoint;
  private static RestorePoint otherSafety;
  private static Visitor visitor;
  private static Visitor neighbour;
  private static List<JobStatus> otherJobs;

  @BeforeAll
  static void start() {
    app = TestApp.start();
    own = app.tenant("Own");
    other = app.tenant("Other");
    ownPoint = app.backUp(own);
    otherPoint = app.backUp(other);
    app.spoil(other);
    otherSafety =
        app.backups().service().restore(other.id(), otherPoint.label()).safety().orElseThrow();
    visitor = Visitor.loggedIn(app, own.email());
    neighbour = Visitor.loggedIn(app, other.email());
    visitor.get("/");
    neighbour.get("/");
    otherJobs = app.backups().scheduler().jobs(other.id());
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @AfterEach
  void the_other_firm_has_noticed_nothing() {
    assertThat(app.customers(other)).containsExactly("Anna Holm", "Bo Lind", "Clara Dam");
    assertThat(app.backups().service().restorePoints(other.id())).containsExactly(otherPoint);
    assertThat(app.backups().service().safetyPoints(other.id())).containsExactly(otherSafety);
    assertThat(app.backups().scheduler().jobs(other.id())).isEqualTo(otherJobs);
  }

  private static void assertNotFound(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("There is nothing here").doesNotContain("Other");
  }

  @Test
  void the_control_group_works() {
    String path = "/points/" + ownPoint.label();

    assertThat(visitor.get(path).statusCode()).isEqualTo(200);
    assertThat(visitor.get(path + "/restore").statusCode()).isEqualTo(200);
    assertThat(visitor.post(path + "/download", "csrf", visitor.csrf("/")).statusCode())
        .isEqualTo(303);
    assertThat(visitor.get("/").body()).contains(ownPoint.label().value());
  }

  @Test
  void cannot_see_restore_or_download_by_another_firms_labels() {
    String token = visitor.csrf("/");
    for (RestorePoint point : List.of(otherPoint, otherSafety)) {
      String path = "/points/" + point.label();
      assertNotFound(visitor.get(path));
      assertNotFound(visitor.get(path + "?rows=customers"));
      assertNotFound(visitor.get(path + "/restore"));
      for (String name : List.of("Own", "Other")) {
        assertNotFound(visitor.post(path + "/restore", "csrf", token, "name", name));
      }
      assertNotFound(visitor.post(path + "/download", "csrf", token));
    }
    assertThat(visitor.get("/").body()).doesNotContain(otherPoint.label().value());
  }

  @Test
  void another_firms_label_looks_like_one_that_does_not_exist() {
    String unknown = "/points/tenant_" + other.id() + "_20000101000000";

    assertThat(visitor.get("/points/" + otherPoint.label()).body())
        .isEqualTo(visitor.get(unknown).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2fsecret.key",
        "%2e%2e",
        "system_20261122010100",
        "tenant_*",
        "%00",
        "tenant_2_2026-11-24'%20OR%20'1'='1"
      })
  void odd_labels_are_just_not_there(String label) {
    assertNotFound(visitor.get("/points/" + label));
    assertNotFound(visitor.get("/points/" + label + "/restore"));
  }

  @Test
  void cannot_follow_another_firms_link_even_though_it_is_signed() {
    DownloadLink link = app.backups().links().issue(other.id(), otherPoint.digest());
    String path = "/download/" + link.token().value();

    assertThat(neighbour.head(path).statusCode()).isEqualTo(200);
    assertNotFound(visitor.get(path));
    HttpResponse<String> anybody = Visitor.at(app).get(path);
    assertThat(anybody.statusCode()).isEqualTo(303);
    assertThat(anybody.headers().firstValue("Location")).contains("/login");
  }

  @Test
  void cannot_make_a_link_of_its_own_lead_elsewhere() {
    DownloadLink link = app.backups().links().issue(own.id(), ownPoint.digest());
    String token = link.token().value();
    String forged = (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1);

    assertThat(visitor.head("/download/" + token).statusCode()).isEqualTo(200);
    assertNotFound(visitor.get("/download/" + forged));
  }

  @Test
  void a_link_that_expired_or_was_revoked_says_so() {
    DownloadLink link = app.backups().links().issue(own.id(), ownPoint.digest());
    app.backups().links().revoke(link.id());

    HttpResponse<String> response = visitor.get("/download/" + link.token().value());

    assertThat(response.statusCode()).isEqualTo(410);
    assertThat(response.body()).contains("This link does not work any more", "It was withdrawn");
  }

  @Test
  void sees_nothing_of_another_firms_jobs() {
    Tenant busy = app.tenant("Busy");
    try (TenantSource source =
            SqliteTenantSource.builder(app.database().file(), Backups.model(app.database()))
                .build();
        TenantLock held = source.lock(busy.id())) {
      app.backups().backUpNow(busy.id());
      assertThat(Visitor.loggedIn(app, busy.email()).get("/work").body()).contains("data-busy");
      assertThat(visitor.get("/work").body()).doesNotContain("data-busy");
      assertThat(visitor.get("/").body()).doesNotContain("data-busy");
    }
  }

  @Test
  void cannot_start_or_schedule_anything_for_another_firm_by_naming_it() {
    String token = visitor.csrf("/");
    String id = other.id().value();

    visitor.post("/backups", "csrf", token, "tenant", id, "firm", id, "firm_id", id, "id", id);
    visitor.post(
        "/schedule",
        "csrf",
        token,
        "tenant",
        id,
        "firm",
        id,
        "cron",
        "0 5 * * *",
        "zone",
        "UTC",
        "active",
        "no");
    visitor.post("/backups?firm=" + id + "&tenant=" + id, "csrf", token);

    assertThat(app.backups().scheduled(own.id()).active()).isFalse();
  }

  @Test
  void has_no_restore_of_another_firm_to_undo() {
    assertThat(visitor.get("/undo").statusCode()).isEqualTo(404);
    assertThat(visitor.post("/undo", "csrf", visitor.csrf("/")).statusCode()).isEqualTo(404);
  }

  @Test
  void cannot_do_what_support_does() {
    String token = visitor.csrf("/");
    for (Tenant tenant : List.of(own, other)) {
      String path = "/support/firms/" + tenant.id();
      assertNotFound(visitor.get(path));
      assertNotFound(visitor.post(path + "/archives", "csrf", token));
      assertNotFound(
          visitor.post(path + "/release", "csrf", token, "label", otherPoint.label().value()));
    }
    assertNotFound(visitor.get("/support"));
  }

  @Test
  void support_cannot_do_what_a_firm_does() {
    Visitor support = Visitor.loggedIn(app, app.support());
    String token = support.csrf("/support");
    String path = "/points/" + otherPoint.label();

    assertNotFound(support.get(path));
    assertNotFound(support.get(path + "/restore"));
    assertNotFound(support.post(path + "/restore", "csrf", token, "name", "Other"));
    assertNotFound(support.post(path + "/download", "csrf", token));
    assertNotFound(support.post("/backups", "csrf", token));
    assertNotFound(support.post("/undo", "csrf", token));
  }

  @Test
  void support_releases_only_what_is_of_the_firm_that_it_names() {
    Visitor support = Visitor.loggedIn(app, app.support());
    String token = support.csrf("/support/firms/" + own.id());

    assertNotFound(
        support.post(
            "/support/firms/" + own.id() + "/release",
            "csrf",
            token,
            "label",
            otherPoint.label().value()));
  }

  @Test
  void who_is_not_logged_in_gets_the_login_page_and_nothing_else() {
    Visitor stranger = Visitor.at(app);
    String path = "/points/" + otherPoint.label();
    Stream.of(
            stranger.get("/"),
            stranger.get("/work"),
            stranger.get("/schedule?cron=1+1+*+*+*"),
            stranger.get(path),
            stranger.get(path + "/restore"),
            stranger.get("/undo"),
            stranger.get("/support"),
            stranger.get("/support/firms/" + other.id()),
            stranger.post("/backups"),
            stranger.post(path + "/restore", "name", "Other"),
            stranger.post(path + "/download"),
            stranger.post("/support/firms/" + other.id() + "/archives"))
        .forEach(
            response -> {
              assertThat(response.statusCode()).isEqualTo(303);
              assertThat(response.headers().firstValue("Location")).contains("/login");
            });
  }
}
