package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A whole system as of one instant. Immutable; its contents can be opened as long as the scratch
 * folder is there that they were copied into.
 *
 * @param capturedAt the instant of the snapshot, in milliseconds
 * @param origin the engine, and the schema of all databases
 * @param places where the parts belong
 * @param entries the databases and then the files of the trees, each in the order of their names
 * @param folders the folders of the trees, each tree itself among them
 * @param links the symbolic links of the trees
 * @param missing entry names of files that were deleted before they could be read; also of a tree
 *     that has no file at all or has lost most of them, and of a database that has no row
 * @param warnings what a person should know: files that vanished, links that are left out; each is
 *     named
 * @param contents where the entries' bytes are
 * @param unmounted what looks like a disk that is not mounted, each as a sentence by the {@link
 *     SystemPlace#entryName} of the part: a tree that is not there, a database without tables
 */
public record SystemSnapshot(
    Instant capturedAt,
    ArchiveManifest.Source origin,
    List<SystemPlace> places,
    List<ArchiveManifest.Entry> entries,
    List<ArchiveManifest.Folder> folders,
    List<ArchiveManifest.Link> links,
    List<String> missing,
    List<String> warnings,
    Contents contents,
    Map<String, String> unmounted) {

  /** Opens what a snapshot holds. Thread-safe. */
  @FunctionalInterface
  public interface Contents {
    /**
     * Opens the content of one entry. It may differ from what the entry says, if the file has
     * changed since: whoever writes an archive compares.
     */
    InputStream open(String entryName) throws IOException;
  }

  /** A system in which every part is there. */
  public SystemSnapshot(
      Instant capturedAt,
      ArchiveManifest.Source origin,
      List<SystemPlace> places,
      List<ArchiveManifest.Entry> entries,
      List<ArchiveManifest.Folder> folders,
      List<ArchiveManifest.Link> links,
      List<String> missing,
      List<String> warnings,
      Contents contents) {
    this(
        capturedAt, origin, places, entries, folders, links, missing, warnings, contents, Map.of());
  }

  /** Requires all parts and copies the lists. */
  public SystemSnapshot {
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(origin, "origin");
    places = List.copyOf(places);
    entries = List.copyOf(entries);
    folders = List.copyOf(folders);
    links = List.copyOf(links);
    missing = List.copyOf(missing);
    warnings = List.copyOf(warnings);
    Objects.requireNonNull(contents, "contents");
    unmounted = Map.copyOf(unmounted);
  }

  /** What the archive of this snapshot says of itself. */
  public ArchiveManifest manifest(ArchiveManifest.Purpose purpose, String libraryVersion) {
    return new ArchiveManifest(
        ArchiveManifest.Kind.SYSTEM,
        purpose,
        Optional.empty(),
        capturedAt,
        origin,
        libraryVersion,
        List.of(),
        entries,
        missing,
        places,
        folders,
        links,
        OptionalLong.empty(),
        Optional.empty());
  }

  /** The same, where the host accepted that most of these places is missing. */
  public SystemSnapshot lacking(Set<String> entryNames) {
    Set<String> all = new LinkedHashSet<>(missing);
    all.addAll(entryNames);
    return new SystemSnapshot(
        capturedAt,
        origin,
        places,
        entries,
        folders,
        links,
        List.copyOf(all),
        warnings,
        contents,
        unmounted);
  }

  /** Opens the content of one entry. */
  public InputStream open(String entryName) throws IOException {
    return contents.open(entryName);
  }
}
