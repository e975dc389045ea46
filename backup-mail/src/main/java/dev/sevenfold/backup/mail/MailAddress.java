package dev.sevenfold.backup.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.IDN;
import java.util.Objects;

/**
 * An address with a name, {@code Acme Ltd <office@acme.example>}. Immutable.
 *
 * @param address one address and nothing else, in ASCII: of an international domain, {@code
 *     post@müller.example}, it becomes the {@code xn--} form, which every server takes
 * @param name shown beside it; may be empty
 */
public record MailAddress(String address, String name) {

  private static final int LONGEST = 254;
  private static final int LONGEST_NAME = 200;

  /** Java has the rules of 2003 for domains: with them these letters become others, or nothing. */
  private static final String DEVIATIONS = "ßẞς\u200c\u200d";

  /**
   * Refuses what is not one address, control characters in either part, and before the at sign what
   * is not ASCII: few servers take that.
   *
   * @throws IllegalArgumentException if it is refused
   */
  public MailAddress {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(name, "name");
    OneLine.require("The mail address", address);
    OneLine.require("The name of a mail address", name);
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "The name of a mail address has %d characters; at most %d are allowed"
              .formatted(name.length(), LONGEST_NAME));
    }
    address = withDomainInAscii(address);
    if (!isAddress(address)) {
      throw new IllegalArgumentException(
          "\"%s\" is not one mail address like name@host.example"
              .formatted(address.length() > LONGEST ? address.substring(0, 60) + "…" : address));
    }
  }

  /** An address without a name. */
  public static MailAddress of(String address) {
    return new MailAddress(address, "");
  }

  private static String withDomainInAscii(String address) {
    int at = address.lastIndexOf('@');
    String domain = address.substring(at + 1);
    if (!isAscii(address.substring(0, at + 1))) {
      throw new IllegalArgumentException(
          ("The mail address \"%s\" is not in ASCII before the @, which most mail servers do not"
                  + " take: use another address of this person")
              .formatted(address));
    }
    if (isAscii(domain)) {
      return address;
    }
    if (domain.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
      throw new IllegalArgumentException(
          ("The domain of the mail address \"%s\" has a letter that standards take for different"
                  + " ones, and the mail might go to somebody else: write the domain in its xn--"
                  + " form")
              .formatted(address));
    }
    try {
      return address.substring(0, at + 1) + IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"%s\" is not one mail address like name@host.example: its domain cannot be one"
              .formatted(address),
          e);
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isAddress(String address) {
    if (address.length() > LONGEST || !address.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      return false;
    }
    try {
      InternetAddress[] parsed = InternetAddress.parse(address, true);
      return parsed.length == 1
          && !parsed[0].isGroup()
          && parsed[0].getPersonal() == null
          && address.equals(parsed[0].getAddress())
          && address.indexOf('@') > 0;
    } catch (AddressException e) {
      return false;
    }
  }

  /** The part behind the last at sign. */
  String domain() {
    return address.substring(address.lastIndexOf('@') + 1);
  }
}
