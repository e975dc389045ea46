package dev.sevenfold.backup.mail;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;

/**
 * Who gets a mail, in which language, and by which clock. Immutable.
 *
 * @param address where to
 * @param locale the language and the form of numbers; texts are there in English, Danish and
 *     German, and the host may add others
 * @param zone what times are given in
 */
public record Recipient(MailAddress address, Locale locale, ZoneId zone) {

  /** Requires all parts. */
  public Recipient {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(locale, "locale");
    Objects.requireNonNull(zone, "zone");
  }
}
