package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.link.DownloadLinks;
import java.net.URI;

/** Makes the links of mails, and knows the addresses that they have. Immutable. */
record MailLinks(DownloadLinks links, URI folder) {

  /** A link, with the address that it has. */
  record Address(DownloadLink link, String address) {
    /** Which link it is; the address is kept out of every log. */
    @Override
    public String toString() {
      return "Address[" + link + "]";
    }
  }

  Address to(OutboxItem notice) {
    DownloadLink link = links.issue(Notices.tenant(notice).orElseThrow(), Notices.digest(notice));
    return new Address(link, link.under(folder).toString());
  }
}
