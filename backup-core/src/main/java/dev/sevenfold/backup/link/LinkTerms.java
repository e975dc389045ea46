package dev.sevenfold.backup.link;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How long a link works, and how often. Immutable.
 *
 * @param validity from a second to {@link #LONGEST}
 * @param downloads how many downloads it is good for; empty for any number
 */
public record LinkTerms(Duration validity, OptionalInt downloads) {

  /** The longest validity: 366 days. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /** Refuses a validity that is too short or too long, and fewer downloads than one. */
  public LinkTerms {
    if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A link is valid for between a second and %d days, not for %s"
              .formatted(LONGEST.toDays(), validity));
    }
    if (downloads.isPresent() && downloads.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "A link is good for at least one download, not for " + downloads.getAsInt());
    }
  }

  /** A link that works this long, for any number of downloads. */
  public static LinkTerms validFor(Duration validity) {
    return new LinkTerms(validity, OptionalInt.empty());
  }

  /**
   * These terms, for so many downloads. A download counts once a person has confirmed it, however
   * often it is interrupted and resumed; programs that look at every link of a mail use none up.
   */
  public LinkTerms downloads(int most) {
    return new LinkTerms(validity, OptionalInt.of(most));
  }
}
