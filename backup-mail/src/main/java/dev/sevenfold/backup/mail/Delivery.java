package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the outbox off: turns notices into mails, and hands mails in. Whatever dies in between is
 * done again: a mail has the id of its notice, so that it is written once. Use from one thread at a
 * time.
 */
final class Delivery {

  private static final Logger log = LoggerFactory.getLogger(BackupMailer.class);

  private static final String MAIL = "mail";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(3);

  private final Outbox outbox;
  private final RecipientDirectory directory;
  private final MailTexts texts;
  private final TenantMails tenantMails;
  private final OperatorMail operatorMail;
  private final MessageWriter writer;
  private final Postman postman;
  private final Notices notices;
  private final Clock clock;
  private final Duration giveUpAfter;

  private final ReentrantLock working = new ReentrantLock();

  /** Mails that were handed in and may still be in the outbox, because it failed just then. */
  private final Set<String> sent = new HashSet<>();

  Delivery(BackupMailer.Builder mailer, Notices notices, Postman postman) {
    outbox = mailer.outbox;
    directory = mailer.directory;
    texts = mailer.texts;
    tenantMails = new TenantMails(mailer.product, mailer.support, directory);
    operatorMail = new OperatorMail(mailer.product, directory);
    writer = new MessageWriter(mailer.from, mailer.replyTo);
    this.postman = postman;
    this.notices = notices;
    clock = mailer.clock;
    giveUpAfter = mailer.giveUpAfter;
  }

  /**
   * Does everything that is due.
   *
   * @return when there is something to do again; empty if the outbox is empty
   */
  Optional<Instant> run(Optional<MailLinks> links) {
    working.lock();
    try {
      return work(links);
    } finally {
      working.unlock();
    }
  }

  /** What waits of a tenant, for it or about it. */
  List<String> kept(TenantId tenant) {
    return of(tenant).map(item -> item + " in the outbox " + outbox.describe()).toList();
  }

  /**
   * Removes what waits of a tenant. What is being handed in has half a minute to end: it would come
   * back if it failed.
   */
  void forget(TenantId tenant) {
    try {
      if (!working.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        String what = "Mails have been handed in for longer than " + PATIENCE;
        throw new OutboxFailed(what, new TimeoutException(what));
      }
      try {
        of(tenant).map(OutboxItem::id).forEach(outbox::remove);
      } finally {
        working.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutboxFailed("Interrupted while mails were handed in", e);
    }
  }

  private Stream<OutboxItem> of(TenantId tenant) {
    return outbox.list().stream()
        .filter(item -> tenant.value().equals(item.fields().get("tenant")));
  }

  private Optional<Instant> work(Optional<MailLinks> links) {
    Instant now = clock.instant();
    // Mails that were sent and could not be removed must not be sent once more either.
    Set.copyOf(sent).forEach(this::forgetSent);
    // By id: a mail that was kept just before a crash is written of its notice once more.
    Map<String, OutboxItem> mails = new LinkedHashMap<>();
    boolean operatorsWait = false;
    for (OutboxItem item : outbox.due(now)) {
      if (Notices.isForTenant(item)) {
        attempt(List.of(item), () -> addTo(mails, writeToTenant(item, links)));
      } else if (isMail(item)) {
        addTo(mails, List.of(item));
      } else if (Notices.isForOperator(item)) {
        operatorsWait = true;
      } else {
        later(item, new IllegalStateException("This version knows nothing of " + item.kind()));
      }
    }
    if (operatorsWait) {
      // All of their notices go into one mail, those that might wait longer too.
      List<OutboxItem> notices = outbox.list().stream().filter(Notices::isForOperator).toList();
      attempt(notices, () -> addTo(mails, writeToOperators(notices)));
    }
    hand(List.copyOf(mails.values()));
    return outbox.nextDue();
  }

  private static void addTo(Map<String, OutboxItem> mails, List<OutboxItem> more) {
    more.forEach(mail -> mails.putIfAbsent(mail.id(), mail));
  }

  private static boolean isMail(OutboxItem item) {
    return item.kind().equals(MAIL);
  }

  /** A directory that throws, or a store that is down, delays these notices and no others. */
  private void attempt(List<OutboxItem> items, Runnable work) {
    try {
      work.run();
    } catch (OutboxFailed e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("No mail could be written of {}", items, Printable.failure(e));
      items.forEach(item -> later(item, e));
    }
  }

  private List<OutboxItem> writeToTenant(OutboxItem notice, Optional<MailLinks> links) {
    List<Recipient> recipients = directory.ofTenant(Notices.tenant(notice).orElseThrow());
    List<OutboxItem> mails = new ArrayList<>();
    try {
      for (int i = 0; i < recipients.size(); i++) {
        Words words = Words.of(texts, recipients.get(i));
        MailContent content =
            notice.kind().equals(Notices.RESTORE)
                ? tenantMails.restore(notice, words)
                : tenantMails.backup(notice, words, links.map(maker -> maker.to(notice)));
        mails.add(mail(notice, i, recipients.get(i), content));
      }
    } catch (ArchiveNotFound e) {
      log.info(
          "No mail about an archive that is gone already: {}",
          Printable.of(String.valueOf(e.getMessage())));
      mails.clear();
    }
    outbox.replace(List.of(notice.id()), mails);
    return mails;
  }

  /** One mail for all notices, as soon as the first of them has waited long enough. */
  private List<OutboxItem> writeToOperators(List<OutboxItem> notices) {
    if (notices.isEmpty()) {
      return List.of(); // somebody has just deleted them
    }
    List<Recipient> operators = directory.operators();
    if (operators.isEmpty()) {
      log.warn("There is no operator to mail {} pieces of news to", notices.size());
    }
    List<OutboxItem> mails = new ArrayList<>();
    for (int i = 0; i < operators.size(); i++) {
      MailContent content = operatorMail.write(notices, Words.of(texts, operators.get(i)));
      mails.add(mail(notices.get(0), i, operators.get(i), content));
    }
    outbox.replace(notices.stream().map(OutboxItem::id).toList(), mails);
    return mails;
  }

  private OutboxItem mail(OutboxItem notice, int number, Recipient recipient, MailContent content) {
    String id = notice.id() + "-" + number;
    Instant now = clock.instant();
    return new OutboxItem(
        id,
        MAIL,
        notice.createdAt(),
        now,
        0,
        Map.of(
            "to",
            recipient.address().address(),
            "message",
            writer.write(content, recipient.address(), id, now),
            "tenant",
            Notices.isForTenant(notice) ? notice.field("tenant") : ""));
  }

  private void hand(List<OutboxItem> mails) {
    if (mails.isEmpty()) {
      return;
    }
    List<Exception> failures = new ArrayList<>();
    postman.deliver(
        mails,
        new Postman.Outcome() {
          @Override
          public void delivered(OutboxItem mail) {
            sent.add(mail.id());
            forgetSent(mail.id());
          }

          @Override
          public void failed(OutboxItem mail, Exception why) {
            failures.add(why);
            later(mail, why);
          }

          @Override
          public void refused(OutboxItem mail, Exception why) {
            log.error(
                "The mail {} was refused and is given up: {}",
                mail.id(),
                Printable.of(String.valueOf(why.getMessage())));
            giveUp(mail, why);
          }
        });
    if (!failures.isEmpty()) {
      log.warn(
          "{} of {} mails could not be handed in and stay in the outbox",
          failures.size(),
          mails.size(),
          Printable.failure(failures.get(0)));
    }
  }

  private void forgetSent(String id) {
    outbox.remove(id);
    sent.remove(id);
  }

  private void later(OutboxItem item, Exception why) {
    Instant next = clock.instant().plus(wait(item.attempts()));
    if (next.isAfter(item.createdAt().plus(giveUpAfter))) {
      log.error("{} has failed for {} and is given up", item, giveUpAfter, Printable.failure(why));
      giveUp(item, why);
    } else {
      outbox.put(item.failedUntil(next));
    }
  }

  /** A minute, then three times as long each time, up to three hours. */
  private static Duration wait(int attempts) {
    Duration wait = FIRST_WAIT;
    for (int i = 0; i < attempts && wait.compareTo(LONGEST_WAIT) < 0; i++) {
      wait = wait.multipliedBy(3);
    }
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private void giveUp(OutboxItem item, Exception why) {
    String tenant = item.fields().getOrDefault("tenant", "");
    // About mail to the operator itself, there is nobody to write to.
    boolean told = !tenant.isEmpty() && (isMail(item) || Notices.isForTenant(item));
    outbox.replace(
        List.of(item.id()),
        told
            ? List.of(notices.undeliverable(tenant, String.valueOf(why.getMessage())))
            : List.of());
  }
}
