package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.junit.jupiter.api.Test;

/** Reads the messages back with Apache James, which did not write them. */
class MessageWriterTest {

  private static final Instant DATE = Instant.parse("2026-11-24T01:02:30Z");

  final MessageWriter writer =
      new MessageWriter(
          new MailAddress("backup@app.example", "Køl & Frys, \"Ærø\" <ApS>"),
          Optional.of(MailAddress.of("support@app.example")));
  final MailContent content = MailGoldenTest.content("backup", "da");
  final String raw =
      writer.write(
          content, new MailAddress("office@acme.example", "日本 😀 " + "æ".repeat(150)), "x-1", DATE);
  final Parsed parsed = Parsed.of(raw);

  @Test
  void another_library_reads_what_was_written() {
    Mailbox from = parsed.message().getFrom().get(0);
    assertThat(from.getName()).isEqualTo("Køl & Frys, \"Ærø\" <ApS>");
    assertThat(from.getAddress()).isEqualTo("backup@app.example");
    Mailbox to = (Mailbox) parsed.message().getTo().get(0);
    assertThat(to.getName()).isEqualTo("日本 😀 " + "æ".repeat(150));
    assertThat(to.getAddress()).isEqualTo("office@acme.example");
    assertThat(parsed.message().getSubject())
        .isEqualTo("Acme ERP: din sikkerhedskopi fra den 24. november 2026");
    assertThat(parsed.message().getDate()).isEqualTo(Date.from(DATE));
    assertThat(parsed.message().getMessageId()).isEqualTo("<x-1@app.example>");
    assertThat(parsed.message().getMimeType()).isEqualTo("multipart/alternative");
    assertThat(parsed.text()).isEqualTo(new MailTemplates().text(content));
    assertThat(parsed.html()).isEqualTo(new MailTemplates().html(content));
  }

  @Test
  void every_relay_passes_it_on_as_it_is() {
    assertThat(raw.chars()).allMatch(c -> c < 0x80);
    for (String line : raw.split("\r\n", -1)) {
      assertThat(line).hasSizeLessThanOrEqualTo(998).doesNotContain("\r", "\n");
    }
    assertThat(raw.replace("\r\n", "")).doesNotContain("\r", "\n");
  }

  @Test
  void says_that_a_program_sent_it_and_has_no_more_headers_than_these() {
    assertThat(parsed.headerNames())
        .containsExactlyInAnyOrder(
            "Date",
            "From",
            "Reply-To",
            "To",
            "Message-ID",
            "Subject",
            "MIME-Version",
            "Content-Type",
            "Content-Language",
            "Auto-Submitted",
            "X-Auto-Response-Suppress");
    assertThat(parsed.header("Auto-Submitted").trim()).isEqualTo("auto-generated");
    assertThat(parsed.header("Content-Language").trim()).isEqualTo("da");
  }

  @Test
  void loads_nothing_from_elsewhere() {
    assertThat(parsed.html())
        .doesNotContainIgnoringCase(
            "<img", "<script", "<link", "url(", "src=", "@import", "@font-face");
    assertThat(new MailTemplates().html(MailGoldenTest.content("warned", "en")))
        .contains("a/&lt;b&gt;1.png")
        .doesNotContain("<b>");
  }

  @Test
  void refuses_a_subject_that_breaks_the_line() {
    for (String subject : List.of("a\r\nBcc: x@y.example", "a\nb", "a\u2028b")) {
      MailContent hostile =
          new MailContent(
              "en", subject, "", "", List.of(), List.of(), Optional.empty(), List.of(), List.of());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(hostile, MailAddress.of("a@b.example"), "x", DATE))
          .withMessageStartingWith("The subject of a mail has the control character");
    }
  }
}
