package dev.sevenfold.backup.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Objects;

/**
 * An address with a name, {@code Acme Ltd <office@acme.example>}. Immutable.
 *
 * @param address one address and nothing else, in ASCII: an international domain in its xn-- form
 * @param name shown beside it; may be empty
 */
public record MailAddress(String address, String name) {

  private static final int LONGEST = 254;
  private static final int LONGEST_NAME = 200;

  /** Refuses what is not one address, and control characters in either part. */
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
