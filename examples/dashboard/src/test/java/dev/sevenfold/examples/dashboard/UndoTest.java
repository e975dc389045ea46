package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UndoTest {

  private static TestApp app;

  @BeforeAll
  static void start() {
    app = TestApp.start();
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @Test
  void an_undo_of_what_is_not_the_last_restore_any_more_is_refused() {
    Tenant tenant = app.tenant("Two Tabs");
    RestorePoint point = app.backUp(tenant);
    app.spoil(tenant);
    RestorePoint first =
        app.backups().service().restore(tenant.id(), point.label()).safety().orElseThrow();
    Visitor person = Visitor.loggedIn(app, tenant.email());
    String token = person.csrf("/undo");
    assertThat(person.get("/undo").body()).contains("value=\"" + first.label() + "\"");

    // A colleague restores again while the page of the undo is open.
    app.spoil(tenant);
    app.backups().service().restore(tenant.id(), point.label());
    List<String> customers = app.customers(tenant);
    HttpResponse<String> response =
        person.post("/undo", "csrf", token, "label", first.label().value());

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.body())
        .contains("Something else was restored meanwhile", "Nothing was changed");
    assertThat(app.backups().scheduler().jobs(tenant.id()))
        .noneMatch(job -> job.job().key().label().equals("RestoreTenantJob"));
    assertThat(app.customers(tenant)).isEqualTo(customers);
  }
}
