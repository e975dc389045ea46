package dev.sevenfold.backup.link;

import java.util.Optional;

/**
 * What a person sees who follows a link and gets no file, or not yet. Implement it to speak the
 * host's languages; thread-safe.
 */
@FunctionalInterface
public interface LinkPage {

  /** What the page has to say. */
  enum Kind {
    /** The download is there; it begins, and counts, when the person sends the page's form. */
    CONFIRM,
    /** The link's time is over. */
    EXPIRED,
    /** Somebody revoked the link. */
    REVOKED,
    /** All of the link's downloads were used. */
    USED_UP,
    /** The archive is not there any more. */
    GONE,
    /** The address is no link, or was shortened on its way. */
    MALFORMED,
    /** Something failed that may work in a minute. */
    UNAVAILABLE
  }

  /**
   * The page, as HTML that loads nothing from elsewhere and runs no script; styles stand in it. For
   * {@link Kind#CONFIRM} it has a form: {@code <form method="post"><button>…</button></form>}.
   *
   * @param archive what would be downloaded, for {@link Kind#CONFIRM}
   * @param request to see the languages that the person reads
   */
  String html(Kind kind, Optional<LinkedArchive> archive, DownloadRequest request);
}
