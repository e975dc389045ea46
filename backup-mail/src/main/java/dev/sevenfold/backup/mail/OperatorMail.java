package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one mail of everything that an operator should know, however many tenants it is about.
 * Thread-safe.
 */
final class OperatorMail {

  private static final Logger log = LoggerFactory.getLogger(BackupMailer.class);

  private static final int MOST_ITEMS = 50;

  private final String product;
  private final RecipientDirectory directory;

  OperatorMail(String product, RecipientDirectory directory) {
    this.product = product;
    this.directory = directory;
  }

  MailContent write(List<OutboxItem> notices, Words reader) {
    Words words = reader.with("product", product);
    List<List<OutboxItem>> failed = grouped(notices, Notices.FAILED_BACKUP, Notices.FAILED_RESTORE);
    List<List<OutboxItem>> overdue = grouped(notices, Notices.OVERDUE);
    List<List<OutboxItem>> lost = grouped(notices, Notices.LOST_ROWS);
    List<List<OutboxItem>> other = grouped(notices, Notices.RECOVERED, Notices.UNDELIVERABLE);
    MailContent.Builder mail =
        new MailContent.Builder(
            words,
            subject(words, failed.size(), overdue.size(), lost.size()),
            words.text("operator.heading"));
    String from = words.time(notices.get(0).createdAt());
    String to = words.time(notices.get(notices.size() - 1).createdAt());
    mail.intro("operator.intro", "from", from, "to", to);
    section(mail, words, "operator.failed", failed.stream().map(g -> failure(g, words)).toList());
    section(mail, words, "operator.overdue", overdue.stream().map(g -> overdue(g, words)).toList());
    section(mail, words, "operator.lost", lost.stream().map(g -> lost(g, words)).toList());
    section(mail, words, "operator.other", other.stream().map(g -> other(g, words)).toList());
    mail.footer("footer.operator");
    return mail.build();
  }

  private static String subject(Words words, int failed, int overdue, int lost) {
    if (failed > 0 && overdue > 0) {
      return words
          .with("failed", words.number(failed), "overdue", words.number(overdue))
          .text("operator.subject.both");
    }
    int count = failed + overdue;
    if (count == 0) {
      return words.text(lost > 0 ? "operator.subject.lost" : "operator.subject.news");
    }
    return words.text(
        "operator.subject." + (failed > 0 ? "failed" : "overdue") + (count == 1 ? ".one" : ".many"),
        "count",
        words.number(count));
  }

  /** Notices of these kinds, those that say the same of the same tenant together. */
  private static List<List<OutboxItem>> grouped(List<OutboxItem> notices, String... kinds) {
    List<String> wanted = List.of(kinds);
    Map<List<String>, List<OutboxItem>> groups = new LinkedHashMap<>();
    for (OutboxItem notice : notices) {
      if (wanted.contains(notice.kind())) {
        List<String> key =
            List.of(
                notice.kind(),
                notice.fields().getOrDefault("tenant", ""),
                notice.fields().getOrDefault("what", ""));
        groups.computeIfAbsent(key, any -> new ArrayList<>()).add(notice);
      }
    }
    return List.copyOf(groups.values());
  }

  private static void section(
      MailContent.Builder mail, Words words, String title, Collection<MailContent.Item> items) {
    if (items.isEmpty()) {
      return;
    }
    List<MailContent.Item> shown = new ArrayList<>(items.stream().limit(MOST_ITEMS).toList());
    if (items.size() > shown.size()) {
      String more = words.text("operator.more", "count", words.number(items.size() - shown.size()));
      shown.add(new MailContent.Item(more, List.of()));
    }
    mail.section(title, List.of(), shown);
  }

  private MailContent.Item failure(List<OutboxItem> group, Words words) {
    OutboxItem last = group.get(group.size() - 1);
    String job = last.kind().equals(Notices.FAILED_BACKUP) ? "operator.backup" : "operator.restore";
    String when = words.time(last.createdAt());
    String times =
        group.size() == 1
            ? words.text(job, "when", when)
            : words.text(job + ".times", "when", when, "count", words.number(group.size()));
    return new MailContent.Item(
        whose(last, words), List.of(times, last.field("what") + ".", last.field("advice") + "."));
  }

  private MailContent.Item overdue(List<OutboxItem> group, Words words) {
    OutboxItem last = group.get(group.size() - 1);
    String verified =
        Optional.ofNullable(last.fields().get("lastProven"))
            .map(at -> words.text("operator.last", "when", words.time(Instant.parse(at))))
            .orElseGet(() -> words.text("operator.never"));
    return new MailContent.Item(
        whose(last, words),
        List.of(
            words.text("operator.since", "when", words.time(Notices.instant(last, "since"))),
            verified));
  }

  private static MailContent.Item lost(List<OutboxItem> group, Words words) {
    OutboxItem last = group.get(group.size() - 1);
    return new MailContent.Item(
        last.field("what") + ".", List.of(words.text("operator.lost.advice")));
  }

  private MailContent.Item other(List<OutboxItem> group, Words words) {
    OutboxItem last = group.get(group.size() - 1);
    if (last.kind().equals(Notices.UNDELIVERABLE)) {
      return new MailContent.Item(
          words.text("operator.undeliverable", "tenant", OneLine.of(last.field("tenant"))),
          List.of(last.field("what")));
    }
    return new MailContent.Item(last.field("what"), List.of());
  }

  /** Empty if the directory does not know the tenant any more: its news is told all the same. */
  // A directory may throw whatever it likes: it is the host's code.
  @SuppressWarnings("IllegalCatch")
  private Optional<String> nameOf(TenantId tenant) {
    try {
      return Optional.of(directory.nameOf(tenant));
    } catch (RuntimeException e) {
      log.warn("The name of tenant {} is not known; operators read its id", tenant, e);
      return Optional.empty();
    }
  }

  private String whose(OutboxItem notice, Words words) {
    Optional<TenantId> tenant = Notices.tenant(notice);
    if (tenant.isEmpty()) {
      return words.text("operator.system");
    }
    String id = OneLine.of(tenant.get().value());
    String name = nameOf(tenant.get()).map(OneLine::of).orElse(id);
    return name.equals(id)
        ? words.text("operator.tenant", "tenant", id)
        : words.text("operator.tenant.named", "tenant", id, "name", name);
  }
}
