package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleLanguageTest {

  private static final String FRIDAYS = "/schedule?cron=0+22+*+*+5&zone=UTC&active=yes";

  private static TestApp app;
  private static Tenant tenant;

  @BeforeAll
  static void start() {
    app = TestApp.start();
    tenant = app.tenant("Mange Sprog");
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          da-DK,da;q=0.9,en;q=0.8 | da | Kl. 22:00
          de-AT                   | de | Um 22:00
          is,fr;q=0.7,en;q=0.3    | fr | À 22:00
          en-GB                   | en | At 22:00, on Friday
          is                      | en | At 22:00, on Friday
          *                       | en | At 22:00, on Friday
          ;;q=much                | en | At 22:00, on Friday
          """)
  void describes_a_schedule_in_the_language_that_the_browser_asks_for(
      String accepted, String language, String words) {
    Visitor reader = Visitor.loggedIn(app, tenant.email()).reading(accepted);

    assertThat(reader.get(FRIDAYS).body()).contains("<h3 lang=\"" + language + "\">" + words);
  }

  @Test
  void speaks_one_language_of_the_schedule_all_over_the_page_and_after_a_mistake() {
    Visitor reader = Visitor.loggedIn(app, tenant.email()).reading("da");
    String sentence = "lang=\"da\">Kl. 01:01";

    assertThat(reader.get("/").body().split(sentence, -1)).hasSize(3);
    assertThat(
            reader
                .post("/schedule", "csrf", reader.csrf("/"), "cron", "never", "zone", "UTC")
                .body()
                .split(sentence, -1))
        .hasSize(2);
  }

  @Test
  void who_says_no_language_reads_english() {
    assertThat(Visitor.loggedIn(app, tenant.email()).get(FRIDAYS).body())
        .contains("<h3 lang=\"en\">At 22:00, on Friday");
  }
}
