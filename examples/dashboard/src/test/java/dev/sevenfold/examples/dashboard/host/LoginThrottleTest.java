package dev.sevenfold.examples.dashboard.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.testkit.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {

  private static final String KIM = "kim@test.example";

  private final MutableClock clock = MutableClock.at("2026-11-24T08:00:00Z");
  private final LoginThrottle throttle = new LoginThrottle(clock);

  private void fail(int times, String email, String place) {
    for (int i = 0; i < times; i++) {
      throttle.failed(email, place);
    }
  }

  @Test
  void four_wrong_passwords_cost_nothing() {
    fail(4, KIM, "here");

    assertThat(throttle.wait(KIM, "here")).isEmpty();
  }

  @Test
  void each_wrong_password_after_the_fifth_doubles_the_wait_up_to_a_quarter_of_an_hour() {
    fail(5, KIM, "here");
    assertThat(throttle.wait(KIM, "here")).contains(Duration.ofSeconds(30));
    fail(1, KIM, "here");
    assertThat(throttle.wait(KIM, "here")).contains(Duration.ofMinutes(1));
    fail(20, KIM, "here");
    assertThat(throttle.wait(KIM, "here")).contains(Duration.ofMinutes(15));
    clock.advance(Duration.ofMinutes(15));
    assertThat(throttle.wait(KIM, "here")).isEmpty();
  }

  @Test
  void changing_the_place_does_not_help_to_guess_one_persons_password() {
    for (int i = 0; i < 5; i++) {
      throttle.failed(KIM, "place " + i);
    }

    assertThat(throttle.wait(" Kim@Test.Example", "elsewhere")).isPresent();
    assertThat(throttle.wait("bo@test.example", "elsewhere")).isEmpty();
  }

  @Test
  void changing_the_person_does_not_help_to_guess_from_one_place() {
    for (int i = 0; i < 30; i++) {
      throttle.failed("person" + i + "@test.example", "here");
    }

    assertThat(throttle.wait("another@test.example", "here")).isPresent();
    assertThat(throttle.wait("another@test.example", "there")).isEmpty();
  }

  @Test
  void the_right_password_forgives_the_person_but_not_the_place() {
    fail(30, KIM, "here");

    throttle.succeeded(KIM);

    assertThat(throttle.wait(KIM, "there")).isEmpty();
    assertThat(throttle.wait(KIM, "here")).isPresent();
  }
}
