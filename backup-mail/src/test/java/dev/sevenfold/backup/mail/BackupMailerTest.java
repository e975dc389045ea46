package dev.sevenfold.backup.mail;

import static dev.sevenfold.backup.mail.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.mail.RecordingPostman.Mood;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupMailerTest {

  @TempDir Path folder;
  final MutableClock clock = MutableClock.at(Samples.NOW);
  final Directory directory = new Directory();
  final RecordingPostman postman = new RecordingPostman();
  final MailLinks links = Samples.links(clock, true);
  Outbox outbox = InMemoryOutbox.holding(1_000);
  final List<BackupMailer> mailers = new ArrayList<>();

  private BackupMailer mailer() {
    BackupMailer mailer =
        BackupMailer.builder(
                SmtpServer.loopback("localhost", 25).build(),
                new MailAddress("backup@app.example", "Acme ERP"),
                directory,
                outbox)
            .clock(clock)
            .support("support@app.example")
            .build(postman);
    mailers.add(mailer);
    return mailer;
  }

  @AfterEach
  void close() {
    mailers.forEach(BackupMailer::close);
  }

  private Optional<Instant> deliver(BackupMailer mailer) throws InterruptedException {
    mailer.awaitRecorded();
    return mailer.deliverNow(Optional.of(links));
  }

  private Parsed mail(int number) {
    return Parsed.of(postman.taken().get(number).field("message"));
  }

  @Test
  void what_waits_of_a_tenant_that_is_forgotten_is_mailed_to_nobody() throws Exception {
    TenantId other = TenantId.of(4);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.backupCompleted(Samples.backup(other, List.of()));

    mailer.forget(ACME);

    assertThat(mailer.kept(ACME)).isEmpty();
    assertThat(mailer.kept(other)).hasSize(1);
    assertThat(outbox.list()).hasSize(1);
  }

  @Test
  void a_backup_is_mailed_to_each_reader_with_a_link_of_their_own() throws Exception {
    directory.readers.add(Samples.recipient("chef@acme.example", Samples.DANISH));
    BackupMailer mailer = mailer();

    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    assertThat(deliver(mailer)).isEmpty();

    assertThat(postman.taken())
        .extracting(item -> item.field("to"))
        .containsExactly("office@acme.example", "chef@acme.example");
    assertThat(mail(0).text()).contains("https://app.example/backups/");
    assertThat(mail(1).message().getSubject())
        .isEqualTo("Acme ERP: din sikkerhedskopi fra den 24. november 2026");
    assertThat(outbox.list()).isEmpty();
  }

  @Test
  void says_when_backups_are_made_in_the_readers_language() throws Exception {
    directory.schedule =
        Optional.of(CronSchedule.parse("1 1 * * 2-6", ZoneId.of("Europe/Copenhagen")));
    directory.readers.add(Samples.recipient("chef@acme.example", Samples.DANISH));
    directory.readers.add(Samples.recipient("chef@acme.de", Locale.GERMANY));
    BackupMailer mailer = mailer();

    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    deliver(mailer);

    assertThat(mail(0).text())
        .contains("Scheduled: at 01:01, Tuesday to Saturday (Europe/Copenhagen)");
    assertThat(mail(1).text()).contains("kl. 01:01, tirsdag til lørdag (Europe/Copenhagen)");
    assertThat(mail(2).text()).contains("um 01:01 jeden Tag zwischen Dienstag und Samstag");
  }

  @Test
  void nobody_to_mail_is_no_failure() throws Exception {
    directory.readers.clear();
    BackupMailer mailer = mailer();

    mailer.backupCompleted(Samples.backup(ACME, List.of()));

    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).isEmpty();
  }

  @Test
  void an_archive_that_is_gone_before_its_mail_is_written_is_not_mailed() throws Exception {
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.awaitRecorded();

    assertThat(mailer.deliverNow(Optional.of(Samples.links(clock, false)))).isEmpty();
    assertThat(postman.taken()).isEmpty();
  }

  @Test
  void without_links_the_mail_says_where_the_backup_is() throws Exception {
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.awaitRecorded();
    mailer.deliverNow(Optional.empty());

    assertThat(mail(0).text())
        .contains("The backup can be downloaded in Acme ERP.")
        .doesNotContain("https://");
  }

  @Test
  void a_hundred_failures_are_one_mail() throws Exception {
    BackupMailer mailer = mailer();
    for (int i = 0; i < 100; i++) {
      mailer.backupFailed(
          TenantId.of(i), new StoreUnavailable("The store is down", "Try again later"));
    }
    mailer.backupOverdue(Samples.overdue(ACME, true));
    mailer.systemBackupFailed(new OperationFailed("The disk is full", "Delete something"));

    assertThat(deliver(mailer)).contains(Samples.NOW.plus(Duration.ofMinutes(10)));
    assertThat(postman.taken()).isEmpty();
    clock.advance(Duration.ofMinutes(10));
    assertThat(deliver(mailer)).isEmpty();

    assertThat(postman.taken()).hasSize(1);
    assertThat(mail(0).message().getSubject())
        .isEqualTo("Acme ERP: 101 failed and 1 overdue backups");
    assertThat(mail(0).text()).contains("- Tenant 0\n", "And 51 more", "- Tenant 42 (Acme & Sons)");
  }

  @Test
  void rows_in_no_backup_are_told_once_for_all_tenants_of_a_count() throws Exception {
    BackupMailer mailer = mailer();
    OwnershipCheck.Figure later =
        new OwnershipCheck.Figure(clock.instant(), 7, List.of(new OwnershipCheck.Wrong("x", 7, 0)));
    for (int i = 0; i < 3; i++) {
      mailer.backupCompleted(Samples.backup(TenantId.of(i), List.of(), Optional.of(Samples.LOST)));
    }
    mailer.backupCompleted(
        Samples.backup(
            ACME,
            List.of(),
            Optional.of(new OwnershipCheck.Figure(clock.instant(), 7, List.of()))));
    mailer.backupCompleted(Samples.backup(ACME, List.of(), Optional.of(later)));
    mailer.awaitRecorded();

    assertThat(outbox.list().stream().filter(Notices::isForOperator)).hasSize(2);
    clock.advance(Duration.ofMinutes(10));
    deliver(mailer);
    Parsed last = mail(postman.taken().size() - 1);
    assertThat(last.message().getSubject()).isEqualTo("Acme ERP: rows are in no backup");
    assertThat(last.text())
        .contains("5 rows of 2 tables (notes 4, users 1) are nobody's and in no backup")
        .contains("7 rows of 1 table (x 7)")
        .contains("tenant check");
  }

  @Test
  void ids_values_and_names_steer_no_mail() throws Exception {
    String evil = "x\u001b[31m\r\nBcc: everybody@app.example\u202emoc";
    TenantId tenant = TenantId.of(evil);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(tenant, List.of("row " + evil)));
    mailer.backupFailed(tenant, new StoreUnavailable("Table " + evil, "Drop " + evil));
    mailer.backupOverdue(Samples.overdue(tenant, true));
    clock.advance(Duration.ofMinutes(10));
    deliver(mailer);

    assertThat(postman.taken()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(mail(i).message().getHeader().getField("Bcc")).isNull();
      for (String part : List.of(mail(i).text(), mail(i).html(), mail(i).message().getSubject())) {
        assertThat(part).doesNotContain("\u001b", "\u202e").doesNotContain("\nBcc");
      }
    }
  }

  @Test
  void the_same_failure_of_one_tenant_is_one_line() throws Exception {
    BackupMailer mailer = mailer();
    for (int i = 0; i < 3; i++) {
      mailer.backupFailed(ACME, new StoreUnavailable("The store is down", "Try again later"));
    }
    clock.advance(Duration.ofMinutes(10));
    deliver(mailer);

    assertThat(mail(0).message().getSubject()).isEqualTo("Acme ERP: a backup job failed");
    assertThat(mail(0).text()).contains("Backup, 3 times, last November 24, 2026, 02:02 CET");
  }

  @Test
  void a_mail_is_tried_again_ever_more_slowly_until_it_goes() throws Exception {
    postman.be(Mood.FAILING);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Instant next = deliver(mailer).orElseThrow();
      waits.add(Duration.between(clock.instant(), next).toMinutes());
      clock.jumpTo(next);
    }
    assertThat(waits).containsExactly(1L, 3L, 9L, 27L, 81L, 180L, 180L);
    assertThat(postman.attempts()).isEqualTo(7);

    postman.be(Mood.TAKING);
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(1);
  }

  @Test
  void a_mail_is_not_tried_before_its_time() throws Exception {
    postman.be(Mood.FAILING);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    deliver(mailer);
    clock.advance(Duration.ofSeconds(59));
    deliver(mailer);
    assertThat(postman.attempts()).isOne();
  }

  @Test
  void what_is_never_delivered_is_given_up_and_the_operator_hears_of_it() throws Exception {
    postman.be(Mood.FAILING);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    Instant end = clock.instant().plus(Duration.ofDays(4));
    while (outbox.list().stream().noneMatch(Notices::isForOperator)) {
      clock.jumpTo(deliver(mailer).orElseThrow());
      assertThat(clock.instant()).isBefore(end.plus(Duration.ofHours(1)));
    }

    postman.be(Mood.TAKING);
    clock.advance(Duration.ofMinutes(10));
    deliver(mailer);
    assertThat(postman.taken())
        .singleElement()
        .satisfies(mail -> assertThat(mail.field("to")).isEqualTo("ops@app.example"));
    assertThat(mail(0).text()).contains("Mail about tenant 42 could not be delivered");
  }

  @Test
  void what_the_server_refuses_for_good_is_not_tried_again() throws Exception {
    postman.be(Mood.REFUSING);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    deliver(mailer);
    clock.advance(Duration.ofMinutes(10));
    // The operator's own mail is refused too: that is said in the log alone.
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.attempts()).isEqualTo(2);
  }

  @Test
  void a_directory_that_is_down_delays_the_mail_and_loses_none() throws Exception {
    directory.down = true;
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.backupFailed(ACME, new StoreUnavailable("The store is down", "Try again later"));
    clock.advance(Duration.ofMinutes(10));
    Instant next = deliver(mailer).orElseThrow();
    assertThat(next).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));

    directory.down = false;
    clock.jumpTo(next);
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(2);
  }

  @Test
  void operators_hear_of_all_tenants_though_one_is_deleted_from_the_directory() throws Exception {
    TenantId deleted = TenantId.of("gone");
    directory.deleted.add(deleted);
    BackupMailer mailer = mailer();
    mailer.backupFailed(deleted, new StoreUnavailable("The store is down", "Try again later"));
    mailer.backupFailed(ACME, new StoreUnavailable("The store is down", "Try again later"));
    mailer.backupOverdue(Samples.overdue(deleted, true));
    clock.advance(Duration.ofMinutes(10));

    assertThat(deliver(mailer)).isEmpty();

    assertThat(postman.taken()).hasSize(1);
    assertThat(mail(0).text()).contains("- Tenant gone\n", "(Acme & Sons)");
  }

  @Test
  void a_name_that_breaks_the_line_is_no_header() throws Exception {
    directory.name = "Acme\r\nBcc: spy@evil.example";
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.backupFailed(
        ACME, new StoreUnavailable("Down\r\nBcc: spy@evil.example\u2028x", "Wait\nand see"));
    clock.advance(Duration.ofMinutes(10));
    deliver(mailer);

    assertThat(postman.taken())
        .singleElement()
        .satisfies(mail -> assertThat(mail.field("to")).isEqualTo("ops@app.example"));
    assertThat(mail(0).headerNames()).doesNotContain("Bcc");
    assertThat(mail(0).text()).contains("Down  Bcc: spy@evil.example x.");
  }

  @Test
  void what_was_not_sent_is_sent_after_a_restart() throws Exception {
    Path place = folder.resolve("outbox");
    outbox = FolderOutbox.open(place);
    postman.be(Mood.FAILING);
    BackupMailer first = mailer();
    first.backupCompleted(Samples.backup(ACME, List.of()));
    deliver(first);
    first.restoreCompleted(Samples.restore());
    first.close();
    mailers.clear();

    outbox = FolderOutbox.open(place);
    postman.be(Mood.TAKING);
    clock.advance(Duration.ofMinutes(1));
    assertThat(deliver(mailer())).isEmpty();
    assertThat(postman.taken()).hasSize(2);
  }

  @Test
  void a_mail_that_is_written_twice_is_the_same_mail() throws Exception {
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.awaitRecorded();
    OutboxItem notice = outbox.list().get(0);
    deliver(mailer);
    // The process died after the mail was kept, and before the notice was removed.
    outbox.put(notice);
    deliver(mailer);

    assertThat(mail(0).header("Message-ID")).isEqualTo(mail(1).header("Message-ID"));
    assertThat(mail(0).header("Message-ID").trim())
        .isEqualTo("<" + notice.id() + "-0@app.example>");
  }

  @Test
  void a_mail_that_is_there_beside_its_notice_is_sent_once() throws Exception {
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.awaitRecorded();
    OutboxItem notice = outbox.list().get(0);
    postman.be(Mood.FAILING);
    deliver(mailer);
    outbox.put(notice);
    clock.advance(Duration.ofMinutes(1));
    postman.be(Mood.TAKING);

    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(1);
  }

  @Test
  void what_a_newer_version_left_behind_waits_and_holds_nothing_up() throws Exception {
    outbox.put(
        new OutboxItem("a-1", "invoice", Samples.NOW, Samples.NOW, 0, Map.of("tenant", "42")));
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));

    assertThat(deliver(mailer)).contains(Samples.NOW.plus(Duration.ofMinutes(1)));
    assertThat(postman.taken()).hasSize(1);
    assertThat(outbox.list()).extracting(OutboxItem::kind).containsExactly("invoice");
  }

  /** Ten times as many cost ten times as much, however often the mailer wakes up. */
  @Test
  void each_notice_and_each_mail_that_is_due_is_read_once() throws Exception {
    int backups = 200;
    CountingOutbox counting = new CountingOutbox(InMemoryOutbox.holding(backups));
    outbox = counting;
    postman.be(Mood.FAILING);
    BackupMailer mailer = mailer();
    // The mailer wakes up at each of them, and the server of mail is down all the while.
    for (int i = 0; i < backups; i++) {
      mailer.backupCompleted(Samples.backup(ACME, List.of()));
      deliver(mailer);
    }
    assertThat(counting.read()).isEqualTo(backups);

    postman.be(Mood.TAKING);
    clock.advance(Duration.ofMinutes(1));
    assertThat(deliver(mailer)).isEmpty();
    assertThat(counting.read()).isEqualTo(2L * backups);
    assertThat(postman.taken()).hasSize(backups);
  }

  @Test
  void a_mail_that_was_sent_is_not_sent_again_where_the_outbox_cannot_forget_it() throws Exception {
    StickyOutbox sticky = new StickyOutbox();
    outbox = sticky;
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    mailer.awaitRecorded();
    sticky.stuckAt("mail");
    assertThatExceptionOfType(OutboxFailed.class).isThrownBy(() -> deliver(mailer));
    assertThatExceptionOfType(OutboxFailed.class).isThrownBy(() -> deliver(mailer));
    assertThat(postman.taken()).hasSize(1);

    sticky.stuckAt("nothing");
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(1);
  }

  @Test
  void an_outbox_that_is_full_of_notices_is_worked_off() throws Exception {
    directory.readers.add(Samples.recipient("chef@acme.example", Samples.DANISH));
    outbox = InMemoryOutbox.holding(3);
    BackupMailer mailer = mailer();
    for (int i = 0; i < 3; i++) {
      mailer.backupCompleted(Samples.backup(ACME, List.of()));
    }
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(6);

    for (int i = 0; i < 3; i++) {
      mailer.backupFailed(ACME, new StoreUnavailable("The store is down", "Try again later"));
    }
    mailer.awaitRecorded();
    clock.advance(Duration.ofMinutes(10));
    assertThat(deliver(mailer)).isEmpty();
    assertThat(postman.taken()).hasSize(7);
    assertThat(outbox.list()).isEmpty();
  }

  @Test
  void a_mail_that_a_full_outbox_gives_up_is_still_told_to_the_operator() throws Exception {
    outbox = InMemoryOutbox.holding(1);
    postman.be(Mood.REFUSING);
    BackupMailer mailer = mailer();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    deliver(mailer);

    assertThat(outbox.list()).singleElement().matches(Notices::isForOperator);
  }

  @Test
  void no_backup_waits_for_an_outbox_that_hangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    Outbox inner = InMemoryOutbox.holding(10);
    outbox =
        new PassingOutbox(inner) {
          @Override
          public boolean put(OutboxItem item) {
            try {
              hanging.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.put(item);
          }
        };
    BackupMailer mailer = mailer();

    // More than the mailer remembers: it says so in the log, and the backups go on.
    for (int i = 0; i < 10_002; i++) {
      mailer.backupCompleted(Samples.backup(ACME, List.of()));
    }
    assertThat(inner.list()).isEmpty();
    hanging.countDown();
    await().until(() -> inner.list().size() == 10);
  }

  @Test
  void the_mailers_own_thread_sends_as_soon_as_it_hears() {
    BackupMailer mailer = mailer();
    mailer.restoreCompleted(Samples.restore());
    mailer.start(links.links(), links.folder());
    await().until(() -> postman.taken().size() == 1);

    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    await().until(() -> postman.taken().size() == 2);

    assertThatIllegalStateException().isThrownBy(mailer::startWithoutLinks);
    mailer.close();
    mailer.backupCompleted(Samples.backup(ACME, List.of()));
    assertThat(outbox.list()).isEmpty();
  }

  @Test
  void refuses_settings_that_cannot_be() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SmtpServer.loopback("smtp.example", 25))
        .withMessageContaining("Mail leaves this machine encrypted alone, and smtp.example");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SmtpServer.loopback("localhost", 25).login("a", "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> SmtpServer.startTls("a\r\nb", 25));
    assertThatIllegalArgumentException().isThrownBy(() -> SmtpServer.tls("a", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SmtpServer.tls("a", 465)
                    .timeouts(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .withMessage("The connect timeout is between a millisecond and an hour, not PT0S");
    assertThat(SmtpServer.tls("a", 465).login("me", "secret").build().toString())
        .isEqualTo("SmtpServer[a:465, TLS]");
  }
}
