package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what a tenant reads: that there is a backup, or what a restore did. Thread-safe. */
final class TenantMails {

  private final String product;
  private final Optional<String> support;
  private final RecipientDirectory directory;

  TenantMails(String product, Optional<String> support, RecipientDirectory directory) {
    this.product = product;
    this.support = support;
    this.directory = directory;
  }

  private String nameOf(OutboxItem notice) {
    TenantId tenant = Notices.tenant(notice).orElseThrow();
    String shown = OneLine.of(tenant.value());
    String name = directory.nameOf(tenant);
    // An id is what it is; a name is the host's to mend.
    return name.equals(tenant.value())
        ? shown
        : OneLine.require("The name of tenant " + shown, name);
  }

  MailContent backup(OutboxItem notice, Words reader, Optional<MailLinks.Address> link) {
    Words words = reader.with("product", product, "tenant", nameOf(notice));
    String size = words.size(Notices.number(notice, "size"));
    MailContent.Builder mail = mail("backup", words, Notices.instant(notice, "capturedAt"));
    mail.intro("backup.intro");
    mail.fact("backup.taken", words.time(Notices.instant(notice, "capturedAt")));
    mail.fact("backup.size", size);
    mail.fact("backup.rows", words.number(Notices.number(notice, "rows")));
    mail.fact("backup.files", words.number(Notices.number(notice, "files")));
    mail.fact("backup.name", notice.field("label"));
    directory
        .scheduleOf(Notices.tenant(notice).orElseThrow())
        .ifPresent(when -> mail.fact("backup.schedule", words.schedule(when)));
    if (link.isPresent()) {
      link(mail, words, link.get(), size);
    } else {
      mail.preview(size);
      mail.intro("backup.expired");
    }
    warnings(mail, words, notice);
    keeping(mail, words);
    if (link.isPresent()) {
      mail.footer("footer.secret");
    }
    mail.footer("footer.tenant");
    return mail.build();
  }

  private static MailContent.Builder mail(String about, Words words, Instant of) {
    return new MailContent.Builder(
        words,
        words.text(about + ".subject", "day", words.day(of)),
        words.text(about + ".heading"));
  }

  private static void link(
      MailContent.Builder mail, Words words, MailLinks.Address link, String size) {
    String until = words.time(link.link().expiresAt());
    mail.preview(words.text("backup.preview", "size", size, "until", until));
    mail.fact("backup.until", until);
    mail.action(words.text("backup.download"), link.address(), words.text("backup.hint"));
    link.link()
        .downloads()
        .ifPresent(
            most ->
                mail.intro(
                    most == 1 ? "backup.counted.one" : "backup.counted.many",
                    "downloads",
                    words.number(most)));
  }

  private static void warnings(MailContent.Builder mail, Words words, OutboxItem notice) {
    long count = Notices.number(notice, "warnings");
    List<MailContent.Item> items = new ArrayList<>();
    for (int i = 0; notice.has("warning" + i); i++) {
      items.add(new MailContent.Item(notice.field("warning" + i), List.of()));
    }
    if (count > items.size()) {
      String more = words.text("backup.warnings.more", "count", words.number(count - items.size()));
      items.add(new MailContent.Item(more, List.of()));
    }
    if (!items.isEmpty()) {
      mail.section("backup.warnings", List.of(), items);
    }
  }

  private void keeping(MailContent.Builder mail, Words words) {
    mail.section(
        "backup.keep", List.of(words.text("backup.keep.where"), words.text("backup.keep.whole")));
    String sendTo =
        support
            .map(contact -> words.text("backup.back.support", "support", contact))
            .orElseGet(() -> words.text("backup.back.supportElse"));
    mail.section("backup.back", List.of(words.text("backup.back.own"), sendTo));
  }

  MailContent restore(OutboxItem notice, Words reader) {
    Words words = reader.with("product", product, "tenant", nameOf(notice));
    Instant restoredTo = Notices.instant(notice, "restoredTo");
    String when = words.time(restoredTo);
    MailContent.Builder mail = mail("restore", words, restoredTo);
    mail.preview(words.text("restore.preview", "when", when));
    mail.intro("restore.intro", "when", when);
    mail.fact("restore.to", when);
    mail.fact("restore.at", words.time(notice.createdAt()));
    for (String count : List.of("inserted", "updated", "deleted", "unchanged")) {
      mail.fact("restore." + count, words.number(Notices.number(notice, count)));
    }
    if (notice.has("safety")) { // or nothing differed, and there is nothing to undo
      mail.fact("restore.safety", notice.field("safety"));
      mail.section("restore.undo", List.of(words.text("restore.undo.how")));
    }
    mail.footer("footer.tenant");
    return mail.build();
  }
}
