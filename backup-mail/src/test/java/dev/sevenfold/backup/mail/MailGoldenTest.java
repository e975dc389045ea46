package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What mails say, word for word. After a change on purpose: {@code -Dgolden.write=true}, and read
 * the difference.
 */
class MailGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static final String TOKEN = "AR2x7Q_example-token";

  static MailContent content(String mail, String language) {
    MutableClock clock = MutableClock.at(Samples.NOW);
    Notices notices = new Notices(clock, Duration.ZERO);
    Directory directory = new Directory();
    Recipient reader = Samples.recipient("a@b.example", Locale.forLanguageTag(language));
    Words words = Words.of(MailTexts.standard(), reader);
    TenantMails tenants =
        new TenantMails("Acme ERP", Optional.of("support@app.example"), directory);
    return switch (mail) {
      case "backup" ->
          tenants.backup(
              notices.of(Samples.backup(Samples.ACME, List.of())), words, Optional.of(link(clock)));
      case "warned" -> tenants.backup(notices.of(warned()), words, Optional.empty());
      case "restore" -> tenants.restore(notices.of(Samples.restore()), words);
      case "operator" -> operator(clock, notices, directory, words);
      default -> throw new IllegalArgumentException(mail);
    };
  }

  private static BackupReport warned() {
    List<String> warnings = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      warnings.add("The file a/<b>%d.png that attachments names is missing".formatted(i));
    }
    return Samples.backup(Samples.ACME, warnings);
  }

  private static MailContent operator(
      MutableClock clock, Notices notices, Directory directory, Words words) {
    OutboxItem first =
        notices.failed(
            Notices.FAILED_BACKUP,
            Optional.of(Samples.ACME),
            new StoreUnavailable("The store sftp://backup is down", "Try again later"));
    clock.advance(Duration.ofMinutes(5));
    return new OperatorMail("Acme ERP", directory)
        .write(
            List.of(
                first,
                notices.failed(
                    Notices.FAILED_BACKUP,
                    Optional.empty(),
                    new StoreUnavailable("The disk is full", "Make room")),
                notices.failed(
                    Notices.FAILED_RESTORE,
                    Optional.of(TenantId.of("7")),
                    new StoreUnavailable("The disk is full", "Make room")),
                notices.overdue(Samples.overdue(TenantId.of("8"), true)),
                notices.overdue(Samples.overdue(TenantId.of("9"), false)),
                notices.lostRows(Samples.LOST),
                notices.recovered("A restore of tenant 5 that was killed was reverted"),
                notices.undeliverable("6", "550 nobody there")),
            words);
  }

  private static MailLinks.Address link(MutableClock clock) {
    // The token is random; its form is the links' own business.
    MailLinks links = Samples.links(clock, true);
    OutboxItem notice =
        new Notices(clock, Duration.ZERO).of(Samples.backup(Samples.ACME, List.of()));
    return new MailLinks.Address(links.to(notice).link(), "https://app.example/backups/" + TOKEN);
  }

  @ParameterizedTest
  @CsvSource({
    "backup, en",
    "backup, da",
    "backup, de",
    "warned, en",
    "warned, da",
    "warned, de",
    "restore, en",
    "restore, da",
    "restore, de",
    "operator, en",
    "operator, da",
    "operator, de"
  })
  void says_what_it_said(String mail, String language) throws IOException {
    MailContent content = content(mail, language);
    MailTemplates templates = new MailTemplates();

    same(mail + "_" + language + ".txt", content.subject() + "\n\n" + templates.text(content));
    same(mail + "_" + language + ".html", templates.html(content));
  }

  private static void same(String name, String text) throws IOException {
    Path file = GOLDEN.resolve(name);
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text, UTF_8);
    }
    assertThat(text).isEqualTo(Files.readString(file, UTF_8));
  }
}
