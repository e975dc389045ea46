package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

  @Test
  void takes_addresses() {
    assertThat(MailAddress.of("o'neil+backup@mail.acme.example").domain())
        .isEqualTo("mail.acme.example");
    assertThat(new MailAddress("a@b.example", "Ærø \"Køl\" <&> 株式会社 😀").name()).endsWith("😀");
  }

  @Test
  void takes_international_domains_in_the_form_that_every_server_takes() {
    assertThat(MailAddress.of("post@müller.example").address())
        .isEqualTo("post@xn--mller-kva.example");
    assertThat(MailAddress.of("a@БЪЛГАРИЯ.example"))
        .isEqualTo(MailAddress.of("a@xn--80abgvm6a7d2b.example"));
  }

  @Test
  void refuses_what_no_domain_can_be_made_of_and_says_why() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MailAddress.of("jürgen@b.example"))
        .withMessageContaining("\"jürgen@b.example\" is not in ASCII before the @")
        .withMessageContaining("use another address");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MailAddress.of("a@straße.example"))
        .withMessageContaining("write the domain in its xn-- form");
    for (String domain :
        new String[] {"mü ller.example", "müller＠b.example", "ü..example", "ü_x.example"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MailAddress.of("a@" + domain))
          .withMessageContaining("is not one mail address");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "@b.example",
        "a@",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b.example,c@d.example",
        "Name <a@b.example>",
        "<a@b.example>",
        "friends:a@b.example;",
        "a@b.example\r\nBcc:x@y.example",
        "a@b.example\nBcc:x@y.example",
        "a@b.example\u0000",
        "a\u2028@b.example",
        "å@b.example"
      })
  void refuses_what_is_not_one_address(String address) {
    assertThatIllegalArgumentException().isThrownBy(() -> MailAddress.of(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A\r\nBcc: x@y.example", "A\rB", "A\nB", "A\tB", "A\u0085B", "A\u2029B", "\uD800"})
  void refuses_names_that_break_the_line(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MailAddress("a@b.example", name))
        .withMessageContaining("The name of a mail address has the control character U+");
  }
}
