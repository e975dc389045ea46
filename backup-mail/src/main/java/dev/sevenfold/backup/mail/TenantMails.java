package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.tenant.TenantId;
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
    return OneLine.require(
        "The name of tenant " + OneLine.of(tenant.value()), directory.nameOf(tenant));
  }

  MailContent backup(OutboxItem notice, Words words, Optional<MailLinks.Address> link) {
    String tenant = nameOf(notice);
    String size = words.size(Notices.number(notice, "size"));
    MailContent.Builder mail =
        new MailContent.Builder(
            words,
            words.text(
                "backup.subject",
                "product",
                product,
                "tenant",
                tenant,
                "day",
                words.day(Notices.instant(notice, "capturedAt"))),
            words.text("backup.heading", "product", product, "tenant", tenant));
    mail.intro(words.text("backup.intro", "tenant", tenant, "product", product));
    mail.fact(words.text("backup.taken"), words.time(Notices.instant(notice, "capturedAt")));
    mail.fact(words.text("backup.size"), size);
    mail.fact(words.text("backup.rows"), words.number(Notices.number(notice, "rows")));
    mail.fact(words.text("backup.files"), words.number(Notices.number(notice, "files")));
    mail.fact(words.text("backup.name"), notice.field("label"));
    directory
        .scheduleOf(Notices.tenant(notice).orElseThrow())
        .ifPresent(when -> mail.fact(words.text("backup.schedule"), words.schedule(when)));
    if (link.isPresent()) {
      link(mail, words, link.get(), size);
    } else {
      mail.preview(size);
      mail.intro(words.text("backup.expired", "product", product));
    }
    warnings(mail, words, notice);
    keeping(mail, words);
    if (link.isPresent()) {
      mail.footer(words.text("footer.secret"));
    }
    mail.footer(words.text("footer.tenant", "tenant", tenant, "product", product));
    return mail.build();
  }

  private static void link(
      MailContent.Builder mail, Words words, MailLinks.Address link, String size) {
    String until = words.time(link.link().expiresAt());
    mail.preview(words.text("backup.preview", "size", size, "until", until));
    mail.fact(words.text("backup.until"), until);
    mail.action(words.text("backup.download"), link.address(), words.text("backup.hint"));
    link.link()
        .downloads()
        .ifPresent(
            most ->
                mail.intro(
                    words.text(
                        most == 1 ? "backup.counted.one" : "backup.counted.many",
                        "downloads",
                        words.number(most))));
  }

  private static void warnings(MailContent.Builder mail, Words words, OutboxItem notice) {
    long count = Notices.number(notice, "warnings");
    List<MailContent.Item> items = new ArrayList<>();
    for (int i = 0; notice.fields().containsKey("warning" + i); i++) {
      items.add(new MailContent.Item(notice.field("warning" + i), List.of()));
    }
    if (count > items.size()) {
      String more = words.text("backup.warnings.more", "count", words.number(count - items.size()));
      items.add(new MailContent.Item(more, List.of()));
    }
    if (!items.isEmpty()) {
      mail.section(words.text("backup.warnings"), List.of(), items);
    }
  }

  private void keeping(MailContent.Builder mail, Words words) {
    mail.section(
        words.text("backup.keep"),
        List.of(words.text("backup.keep.where"), words.text("backup.keep.whole")),
        List.of());
    String sendTo =
        support.isPresent()
            ? words.text("backup.back.support", "support", support.get())
            : words.text("backup.back.supportElse");
    mail.section(
        words.text("backup.back"),
        List.of(words.text("backup.back.own", "product", product), sendTo),
        List.of());
  }

  MailContent restore(OutboxItem notice, Words words) {
    String tenant = nameOf(notice);
    String when = words.time(Notices.instant(notice, "restoredTo"));
    MailContent.Builder mail =
        new MailContent.Builder(
            words,
            words.text(
                "restore.subject",
                "product",
                product,
                "tenant",
                tenant,
                "day",
                words.day(Notices.instant(notice, "restoredTo"))),
            words.text("restore.heading", "product", product, "tenant", tenant));
    mail.preview(words.text("restore.preview", "tenant", tenant, "when", when));
    mail.intro(words.text("restore.intro", "tenant", tenant, "product", product, "when", when));
    mail.fact(words.text("restore.to"), when);
    mail.fact(words.text("restore.at"), words.time(notice.createdAt()));
    for (String count : List.of("inserted", "updated", "deleted", "unchanged")) {
      mail.fact(words.text("restore." + count), words.number(Notices.number(notice, count)));
    }
    if (notice.has("safety")) { // or nothing differed, and there is nothing to undo
      mail.fact(words.text("restore.safety"), notice.field("safety"));
      mail.section(
          words.text("restore.undo"),
          List.of(words.text("restore.undo.how", "product", product)),
          List.of());
    }
    mail.footer(words.text("footer.tenant", "tenant", tenant, "product", product));
    return mail.build();
  }
}
