package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.Map;
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

  /** So many of the silent are named in a message, which goes into mails and logs. */
  private static final int NAMED = 5;

  /**
   * A replica of a mirror, or the folder of an owner, that did not answer. Immutable.
   *
   * @param replica how it describes itself; of a folder, where that is, too
   * @param first whether it is the one that decides: what is published is there, or nowhere
   * @param why what went wrong
   * @param folder the name of the owner's folder; empty for a whole replica
   */
  public record Silent(
      String replica, boolean first, StoreUnavailable why, Optional<String> folder) {
    /** Requires all parts. */
    public Silent {
      Objects.requireNonNull(replica, "replica");
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(folder, "folder");
    }

    /** A whole replica. */
    public Silent(String replica, boolean first, StoreUnavailable why) {
      this(replica, first, why, Optional.empty());
    }

    /** Whether it may have archives of this owner, or of one of them where all are asked for. */
    public boolean mayHave(ArchiveOwner owner) {
      return folder.isEmpty()
          || owner.equals(ArchiveOwner.anyone())
          || folder.equals(ArchiveFileName.folderOf(owner));
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

  /** The archives, by whose they are. */
  public Map<ArchiveOwner, List<StoredArchive>> byOwner() {
    return archives.stream()
        .collect(Collectors.groupingBy(archive -> ArchiveOwner.of(archive.label())));
  }

  /** Which replicas and folders did not answer, and why; empty if all did. Names some of many. */
  public Optional<StoreUnavailable> silence() {
    if (silent.isEmpty()) {
      return Optional.empty();
    }
    String named =
        silent.stream()
            .limit(NAMED)
            .map(each -> each.replica + ": " + each.why.what())
            .collect(Collectors.joining("; ", "Not everything answers: ", ""));
    int others = silent.size() - NAMED;
    return Optional.of(
        new StoreUnavailable(
            others > 0 ? named + "; and " + others + " more" : named,
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
