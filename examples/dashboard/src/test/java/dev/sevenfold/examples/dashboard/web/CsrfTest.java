package dev.sevenfold.examples.dashboard.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class CsrfTest {

  private final Csrf csrf = new Csrf(new byte[32]);

  @Test
  void a_token_is_good_for_its_own_cookie_alone() {
    assertThatCode(() -> csrf.require("mine", csrf.token("mine"))).doesNotThrowAnyException();
    assertThatExceptionOfType(HttpError.class)
        .isThrownBy(() -> csrf.require("mine", csrf.token("theirs")));
  }

  @Test
  void no_cookie_has_a_token() {
    for (String none : new String[] {"", " "}) {
      assertThatExceptionOfType(HttpError.class)
          .isThrownBy(() -> csrf.require(none, csrf.token(none)));
    }
  }
}
