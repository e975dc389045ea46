package dev.sevenfold.backup.mail;

import static dev.sevenfold.backup.mail.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.testkit.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails on their way to a real server, over real TLS. */
class SmtpConversationTest {

  private static final Duration SHORT = Duration.ofSeconds(20);

  @TempDir static Path temp;
  static Certificate localhost;
  static Certificate elsewhere;

  @TempDir Path folder;

  @BeforeAll
  static void certificates() throws Exception {
    MailServer.requireInstalled();
    localhost = Certificate.of("dns:localhost", Files.createDirectory(temp.resolve("localhost")));
    elsewhere =
        Certificate.of("dns:mail.example", Files.createDirectory(temp.resolve("elsewhere")));
  }

  /** What became of mails, by their recipients. */
  private static final class Outcomes implements Postman.Outcome {

    final List<String> lines = new ArrayList<>();
    final List<Exception> why = new ArrayList<>();

    @Override
    public void delivered(OutboxItem mail) {
      lines.add("delivered " + mail.field("to"));
    }

    @Override
    public void failed(OutboxItem mail, Exception reason) {
      lines.add("failed " + mail.field("to"));
      why.add(reason);
    }

    @Override
    public void refused(OutboxItem mail, Exception reason) {
      lines.add("refused " + mail.field("to"));
      why.add(reason);
    }
  }

  private static OutboxItem mail(String to) {
    return mail("backup@app.example", to);
  }

  private static OutboxItem mail(String from, String to) {
    String message =
        new MessageWriter(new MailAddress(from, "Købmand"), Optional.empty())
            .write(MailGoldenTest.content("backup", "de"), MailAddress.of(to), "x-1", Samples.NOW);
    return new OutboxItem(
        "x-1", "mail", Samples.NOW, Samples.NOW, 0, Map.of("to", to, "message", message));
  }

  private static Outcomes send(SmtpServer.Builder server, String... to) {
    Outcomes outcomes = new Outcomes();
    new SmtpPostman(server.timeouts(SHORT, SHORT, SHORT).build())
        .deliver(List.of(to).stream().map(SmtpConversationTest::mail).toList(), outcomes);
    return outcomes;
  }

  @Test
  void hands_mails_in_by_starttls_with_a_login() {
    try (MailServer server = MailServer.start("starttls", 0, localhost.arguments("--auth"))) {
      Outcomes outcomes =
          send(
              SmtpServer.startTls("localhost", server.port())
                  .trusting(localhost.trusting())
                  .login("app", "right horse"),
              "a@acme.example",
              "b@acme.example");

      assertThat(outcomes.lines)
          .containsExactly("delivered a@acme.example", "delivered b@acme.example");
      MailServer.Mail first = server.next();
      assertThat(first.tls()).isTrue();
      assertThat(first.user()).isEqualTo("app");
      assertThat(first.sender()).isEqualTo("backup@app.example");
      assertThat(first.to()).isEqualTo("a@acme.example");
      Parsed parsed = Parsed.of(first.content());
      assertThat(parsed.message().getSubject())
          .isEqualTo("Acme ERP: Ihre Sicherung vom 24. November 2026");
      assertThat(parsed.html())
          .isEqualTo(new MailTemplates().html(MailGoldenTest.content("backup", "de")));
      assertThat(parsed.text()).contains("So bewahren Sie sie auf", "Größe: 12 MB");
    }
  }

  @Test
  void hands_mails_in_by_smtps() {
    try (MailServer server = MailServer.start("tls", 0, localhost.arguments())) {
      Outcomes outcomes =
          send(
              SmtpServer.tls("localhost", server.port()).trusting(localhost.trusting()),
              "a@acme.example");

      assertThat(outcomes.lines).containsExactly("delivered a@acme.example");
      assertThat(server.next().tls()).isTrue();
    }
  }

  @Test
  void hands_mails_in_to_a_relay_of_this_machine() {
    try (MailServer server = MailServer.start("plain", 0)) {
      assertThat(send(SmtpServer.loopback("localhost", server.port()), "a@acme.example").lines)
          .containsExactly("delivered a@acme.example");
      assertThat(server.next().tls()).isFalse();
    }
  }

  @Test
  void gives_nothing_to_a_server_whose_certificate_it_does_not_trust() {
    try (MailServer server = MailServer.start("starttls", 0, localhost.arguments("--auth"));
        MailServer tls = MailServer.start("tls", 0, localhost.arguments())) {
      // Java's own trust, and that in another certificate.
      assertThat(
              send(SmtpServer.startTls("localhost", server.port()).login("a", "b"), "a@b.example")
                  .lines)
          .containsExactly("failed a@b.example");
      assertThat(
              send(
                      SmtpServer.tls("localhost", tls.port()).trusting(elsewhere.trusting()),
                      "a@b.example")
                  .lines)
          .containsExactly("failed a@b.example");
      assertThat(server.hasTakenNothing()).isTrue();
      assertThat(tls.hasTakenNothing()).isTrue();
    }
  }

  @Test
  void gives_nothing_to_a_server_whose_certificate_is_of_another_host() {
    try (MailServer server = MailServer.start("starttls", 0, elsewhere.arguments());
        MailServer tls = MailServer.start("tls", 0, elsewhere.arguments())) {
      Outcomes outcomes =
          send(
              SmtpServer.startTls("localhost", server.port()).trusting(elsewhere.trusting()),
              "a@b.example");
      assertThat(outcomes.lines).containsExactly("failed a@b.example");
      assertThat(
              send(
                      SmtpServer.tls("localhost", tls.port()).trusting(elsewhere.trusting()),
                      "a@b.example")
                  .lines)
          .containsExactly("failed a@b.example");
      assertThat(server.hasTakenNothing()).isTrue();
      assertThat(tls.hasTakenNothing()).isTrue();
    }
  }

  @Test
  void gives_nothing_to_a_server_that_does_not_encrypt() {
    try (MailServer server = MailServer.start("plain", 0)) {
      Outcomes outcomes =
          send(SmtpServer.startTls("localhost", server.port()), "a@b.example", "c@b.example");

      assertThat(outcomes.lines).containsExactly("failed a@b.example", "failed c@b.example");
      assertThat(outcomes.why.get(0)).hasMessageContaining("STARTTLS");
      assertThat(server.hasTakenNothing()).isTrue();
    }
  }

  @Test
  void knows_a_refusal_for_good_from_one_for_now() {
    try (MailServer server = MailServer.start("plain", 0)) {
      assertThat(
              send(
                      SmtpServer.loopback("localhost", server.port()),
                      "nobody@b.example",
                      "busy@b.example",
                      "a@b.example")
                  .lines)
          .containsExactly(
              "refused nobody@b.example", "failed busy@b.example", "delivered a@b.example");
    }
  }

  @Test
  void tells_whose_mail_was_refused_and_what_the_server_said() {
    try (MailServer server = MailServer.start("plain", 0)) {
      Outcomes outcomes =
          send(
              SmtpServer.loopback("localhost", server.port()),
              "nobody@b.example",
              "busy@b.example",
              "full@b.example");

      String by = " was not taken by localhost:" + server.port() + ", which says: ";
      assertThat(outcomes.lines)
          .containsExactly(
              "refused nobody@b.example", "failed busy@b.example", "refused full@b.example");
      assertThat(outcomes.why)
          .extracting(Exception::getMessage)
          .containsExactly(
              "The mail to nobody@b.example" + by + "550 5.1.1 no such user",
              "The mail to busy@b.example" + by + "451 4.2.1 try again",
              "The mail to full@b.example"
                  + by
                  + "552-5.2.2 the mailbox is full 552 5.2.2 and stays so");
    }
  }

  @Test
  void tells_which_sender_was_refused() {
    try (MailServer server = MailServer.start("plain", 0)) {
      Outcomes outcomes = new Outcomes();
      new SmtpPostman(SmtpServer.loopback("localhost", server.port()).build())
          .deliver(List.of(mail("stranger@app.example", "a@b.example")), outcomes);

      // The configuration is wrong, and not this address: somebody may mend it.
      assertThat(outcomes.lines).containsExactly("failed a@b.example");
      assertThat(outcomes.why.get(0))
          .hasMessageContaining("The mail to a@b.example from stranger@app.example was not taken")
          .hasMessageContaining("which says: 550 5.7.1 you may not\\u{1b}[31m send here");
    }
  }

  @Test
  void hands_mails_in_for_international_domains() {
    try (MailServer server = MailServer.start("plain", 0)) {
      String to = MailAddress.of("post@müller.example").address();

      assertThat(send(SmtpServer.loopback("localhost", server.port()), to).lines)
          .containsExactly("delivered post@xn--mller-kva.example");
      assertThat(server.next().to()).isEqualTo("post@xn--mller-kva.example");
    }
  }

  @Test
  void a_wrong_password_is_worth_another_try_once_somebody_mends_it() {
    try (MailServer server = MailServer.start("starttls", 0, localhost.arguments("--auth"))) {
      Outcomes outcomes =
          send(
              SmtpServer.startTls("localhost", server.port())
                  .trusting(localhost.trusting())
                  .login("app", "wrong horse"),
              "a@b.example");
      assertThat(outcomes.lines).containsExactly("failed a@b.example");
      assertThat(outcomes.why.toString()).doesNotContain("wrong horse");
    }
  }

  @Test
  void a_server_that_stops_to_answer_does_not_hold_the_mailer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Outcomes outcomes = new Outcomes();
      Duration brief = Duration.ofMillis(300);
      new SmtpPostman(
              SmtpServer.loopback("localhost", silent.getLocalPort())
                  .timeouts(brief, brief, brief)
                  .build())
          .deliver(List.of(mail("a@b.example")), outcomes);
      assertThat(outcomes.lines).containsExactly("failed a@b.example");
    }
  }

  @Test
  void a_mail_waits_in_the_outbox_until_the_server_is_up_again() throws Exception {
    int port;
    try (MailServer before = MailServer.start("starttls", 0, localhost.arguments())) {
      port = before.port();
    }
    MutableClock clock = MutableClock.at(Samples.NOW);
    MailLinks links = Samples.links(clock, true);
    Directory directory = new Directory();
    directory.readers.set(0, Samples.recipient("a@acme.example", Locale.GERMANY));
    BackupMailer.Builder builder =
        BackupMailer.builder(
                SmtpServer.startTls("localhost", port).trusting(localhost.trusting()).build(),
                new MailAddress("backup@app.example", "Acme ERP"),
                directory,
                FolderOutbox.open(folder))
            .clock(clock);
    // A host's threads may have class loaders that know nothing of mail.
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader strange = new URLClassLoader(new URL[0], null)) {
      Thread.currentThread().setContextClassLoader(strange);
      try (BackupMailer mailer = builder.build()) {
        mailer.backupCompleted(Samples.backup(ACME, List.of()));
        mailer.start(links.links(), links.folder());
        await().until(() -> attempts(folder).contains("attempts=1"));
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }

    clock.advance(Duration.ofMinutes(2));
    try (MailServer server = MailServer.start("starttls", port, localhost.arguments());
        BackupMailer again =
            BackupMailer.builder(
                    SmtpServer.startTls("localhost", port).trusting(localhost.trusting()).build(),
                    new MailAddress("backup@app.example", "Acme ERP"),
                    directory,
                    FolderOutbox.open(folder))
                .clock(clock)
                .build()) {
      again.start(links.links(), links.folder());
      assertThat(Parsed.of(server.next().content()).text())
          .contains("https://app.example/backups/");
      await().until(() -> attempts(folder).isEmpty());
    }
  }

  @Test
  void the_operator_reads_whose_mail_was_refused_and_why() throws Exception {
    MutableClock clock = MutableClock.at(Samples.NOW);
    MailLinks links = Samples.links(clock, true);
    Directory directory = new Directory();
    directory.readers.set(0, Samples.recipient("nobody@acme.example", Locale.ENGLISH));
    try (MailServer server = MailServer.start("starttls", 0, localhost.arguments());
        BackupMailer mailer =
            BackupMailer.builder(
                    SmtpServer.startTls("localhost", server.port())
                        .trusting(localhost.trusting())
                        .build(),
                    new MailAddress("backup@app.example", "Acme ERP"),
                    directory,
                    FolderOutbox.open(folder))
                .groupingFor(Duration.ZERO)
                .clock(clock)
                .build()) {
      mailer.backupCompleted(Samples.backup(ACME, List.of()));
      mailer.start(links.links(), links.folder());

      assertThat(Parsed.of(server.next().content()).text())
          .contains("The mail to nobody@acme.example was not taken by localhost:" + server.port())
          .contains("550 5.1.1 no such user");
    }
  }

  /** The items of an outbox that is in use, as they lie in their files. */
  private static String attempts(Path folder) throws IOException {
    StringBuilder found = new StringBuilder();
    try (var files = Files.newDirectoryStream(folder, "*.mail")) {
      for (Path file : files) {
        found.append(Files.readString(file));
      }
    }
    return found.toString();
  }
}
