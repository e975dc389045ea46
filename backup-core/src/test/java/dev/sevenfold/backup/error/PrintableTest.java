package dev.sevenfold.backup.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

  private static final String HOSTILE =
      "a\u001b[31mb\r\nc\u009bd\u202ee\u2028f\u007fg\ud800h\u0000";

  private static void assertPrintable(String text) {
    assertThat(text.codePoints())
        .noneMatch(Character::isISOControl)
        .noneMatch(c -> Character.getType(c) == Character.FORMAT)
        .noneMatch(c -> Character.getType(c) == Character.SURROGATE)
        .noneMatch(c -> Character.getType(c) == Character.LINE_SEPARATOR);
  }

  @Test
  void what_is_no_text_is_told_by_its_number() {
    assertThat(Printable.of(HOSTILE))
        .isEqualTo(
            "a\\u{1b}[31mb\\u{d}\\u{a}c\\u{9b}d\\u{202e}e\\u{2028}f\\u{7f}g\\u{d800}h\\u{0}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "Blåbær 漢字 🦔 שלום", "C:\\temp\\u{1b}"})
  void text_of_every_language_stays_as_it_is(String text) {
    assertThat(Printable.of(text)).isEqualTo(text);
  }

  @Test
  void every_message_of_ours_is_one_line_of_text() {
    List<BackupException> all =
        List.of(
            new ArchiveCorrupt(HOSTILE, HOSTILE),
            new StoreUnavailable(HOSTILE, HOSTILE),
            new BackupRefused(HOSTILE, List.of(HOSTILE, HOSTILE), HOSTILE),
            new RestoreRefused(HOSTILE, List.of(HOSTILE, HOSTILE), HOSTILE));
    for (BackupException each : all) {
      assertPrintable(each.what());
      assertPrintable(each.advice());
      assertPrintable(String.valueOf(each.getMessage()));
      assertPrintable(each.toString());
    }
    List<String> reasons = new RestoreRefused("x", List.of(HOSTILE), "y").reasons();
    reasons.forEach(PrintableTest::assertPrintable);
    assertThat(new RestoreRefused("x", reasons, "y").what()).endsWith(reasons.get(0));
  }

  @Test
  void a_failure_for_a_log_has_neither_cause_nor_companion_that_steers_it() {
    Exception cause = new SQLException("no such table: " + HOSTILE);
    cause.addSuppressed(new IllegalStateException(HOSTILE));
    StringWriter log = new StringWriter();

    Throwable told = Printable.failure(new OperationFailed("what", "advice", cause));

    told.printStackTrace(new PrintWriter(log, true));
    log.toString()
        .lines()
        .map(line -> line.replace("\t", ""))
        .forEach(PrintableTest::assertPrintable);
    assertThat(log.toString())
        .contains(
            "OperationFailed: what. advice", "SQLException: no such table: a\\u{1b}[31mb\\u{d}")
        .contains("Suppressed: java.lang.IllegalStateException: a\\u{1b}")
        .doesNotContain("\nc");
  }

  @Test
  void a_failure_that_can_be_printed_is_logged_as_it_is() {
    Exception cause = new SQLException("no such table: t");
    Exception failure = new OperationFailed("what", "advice", cause);
    cause.addSuppressed(failure);

    assertThat(Printable.failure(failure)).isSameAs(failure);
  }
}
