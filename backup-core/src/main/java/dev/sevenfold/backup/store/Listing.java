package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a store knows of an owner's archives, and what it does not know. Whoever looks for something
 * to restore takes {@link #archives()}; whoever deletes by the list, or concludes from it that
 * there is no such archive, takes {@link #complete()}. Immutable.
 *
 * @param archives by label, ascending
 * @param silent the replicas that did not answer, and, in a list of all owners, the folders of
 *     owners that could not be listed; only they can make the list short
 * @param unreadable what is named like an archive and is none that could be read
 */
public record Listing(
    List<StoredArchive> archives, List<Silent> silent, List<Unreadable> unreadable) {

  /**
   * A replica of a mirror, or the folder of an owner, that did not answer. Immutable.
   *
   * @param replica how it describes itself
   * @param first whether it is the one that decides: what is published is there, or nowhere
   * @param why what went wrong
   */
  public record Silent(String replica, boolean first, StoreUnavailable why) {
    /** Requires all parts. */
    public Silent {
      Objects.requireNonNull(replica, "replica");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * What has the name of an archive and cannot be read as one. Immutable.
   *
   * @param label what it is named
   * @param record what is known of it all the same
   * @param reason why it cannot be read
   */
  public record Unreadable(Label label, ArchiveRecord record, String reason) {
    /** Requires all parts. */
    public Unreadable {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(record, "record");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Copies the lists. */
  public Listing {
    archives = List.copyOf(archives);
    silent = List.copyOf(silent);
    unreadable = List.copyOf(unreadable);
  }

  /** Archives, all that there are. */
  public static Listing of(List<StoredArchive> archives) {
    return new Listing(archives, List.of(), List.of());
  }

  /** The same about other archives. */
  public Listing withArchives(List<StoredArchive> others) {
    return new Listing(others, silent, unreadable);
  }

  /** Which replicas did not answer, and why; empty if all did. */
  public Optional<StoreUnavailable> silence() {
    return silent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StoreUnavailable(
                silent.stream()
                    .map(each -> each.replica + ": " + each.why.what())
                    .collect(Collectors.joining("; ", "Not everything answers: ", "")),
                "Try again, or see what is wrong there",
                silent.get(0).why));
  }

  /**
   * All archives of the owner.
   *
   * @throws StoreUnavailable if a replica that may have more did not answer
   */
  public List<StoredArchive> complete() {
    if (!silent.isEmpty()) {
      StoreUnavailable silence = silence().orElseThrow();
      throw new StoreUnavailable(
          "The list of archives would not be complete: " + silence.what(),
          silence.advice(),
          silence);
    }
    return archives;
  }
}
