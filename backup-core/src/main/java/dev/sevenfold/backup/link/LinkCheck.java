package dev.sevenfold.backup.link;

import java.util.Objects;
import java.util.Optional;

/**
 * What a token is worth now. Immutable.
 *
 * @param status all of it in a word
 * @param link what the token says; empty if it is {@link Status#MALFORMED}
 * @param archive what it leads to; present if it is {@link Status#VALID}
 */
public record LinkCheck(
    Status status, Optional<DownloadLink> link, Optional<LinkedArchive> archive) {

  /** What a token can be. */
  public enum Status {
    /** It leads to an archive. */
    VALID,
    /** Its time is over. */
    EXPIRED,
    /** Somebody revoked it, or all links of its tenant. */
    REVOKED,
    /** It was good for a number of downloads, and there were as many. */
    USED_UP,
    /** Its archive is not there any more. */
    GONE,
    /** It is no token, or none that these keys have signed. */
    MALFORMED
  }

  /** Requires all parts. */
  public LinkCheck {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(link, "link");
    Objects.requireNonNull(archive, "archive");
  }

  static LinkCheck malformed() {
    return new LinkCheck(Status.MALFORMED, Optional.empty(), Optional.empty());
  }

  static LinkCheck refused(Status status, DownloadLink link) {
    return new LinkCheck(status, Optional.of(link), Optional.empty());
  }

  static LinkCheck valid(DownloadLink link, LinkedArchive archive) {
    return new LinkCheck(Status.VALID, Optional.of(link), Optional.of(archive));
  }
}
