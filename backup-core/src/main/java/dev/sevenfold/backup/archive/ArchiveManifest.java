package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What an archive says of itself: whose it is, of which instant, and what must be inside. The first
 * entry of every archive, {@code manifest.json}. Immutable.
 *
 * <p>A manifest that contradicts itself cannot be made: every entry has a name that is safe to use
 * as a path, no two entries get in each other's way, and a tenant's archive has its database.
 *
 * @param kind what was backed up
 * @param purpose why it was backed up
 * @param tenant the tenant whose rows it holds; empty for a system's
 * @param capturedAt the instant of the snapshot, in whole milliseconds
 * @param source the database engine and the state of its schema
 * @param libraryVersion the version of Sevenfold that wrote it
 * @param tables the tables of {@code tenant.sqlite3} (of a tenant's archive) in the order of their
 *     names, each with its rows counted and digested
 * @param entries every other entry of the archive, in the order in which they follow; at least one
 * @param missing files that rows named and that were not there when the archive was made, as entry
 *     names
 * @param places where the parts of a system belong; empty for a tenant's
 * @param folders the folders of a system's trees, each tree itself among them, each before the
 *     folder that it is in; they are the last. Empty for a tenant's, and where they were not kept
 * @param links the symbolic links of a system's trees; they follow the entries. Empty for a
 *     tenant's
 * @param sequence the number of its publication among its owner's archives, 1 or more, whatever the
 *     clock says; empty in archives that are older than this
 * @param ownership whose the rows of the whole database were when that was counted last; empty of a
 *     system, and where it was not counted
 */
public record ArchiveManifest(
    Kind kind,
    Purpose purpose,
    Optional<TenantId> tenant,
    Instant capturedAt,
    Source source,
    String libraryVersion,
    List<Table> tables,
    List<Entry> entries,
    List<String> missing,
    List<SystemPlace> places,
    List<Folder> folders,
    List<Link> links,
    OptionalLong sequence,
    Optional<OwnershipCheck.Figure> ownership) {

  /** The newest version of the format that this library writes and reads. */
  public static final int FORMAT_VERSION = 2;

  /** The version without folders, links and free names in trees. */
  static final int PLAIN_FORMAT_VERSION = 1;

  /** The manifest's name in the archive. */
  public static final String ENTRY_NAME = "manifest.json";

  /** The name of the manifest's signature, which follows it in a signed archive. */
  public static final String SIGNATURE_NAME = "manifest.sig";

  /** The name of a tenant's database in its archive. */
  public static final String TENANT_DATABASE = "tenant.sqlite3";

  /** What was backed up. */
  public enum Kind {
    /** One tenant. */
    TENANT,
    /** All databases and file trees of the system. */
    SYSTEM
  }

  /** Why a backup was made. */
  public enum Purpose {
    /** On a schedule or on request. */
    BACKUP,
    /** So that a restore can be undone. */
    SAFETY
  }

  /**
   * Where the rows come from.
   *
   * @param engine for instance {@code sqlite}
   * @param engineVersion for instance {@code 3.54.1}
   * @param schemaVersion what the host calls the version of its schema ({@code PRAGMA user_version}
   *     on SQLite); empty if it has none
   * @param schemaFingerprint lower-case hexadecimal SHA-256 of the tables' definitions
   */
  public record Source(
      String engine, String engineVersion, OptionalLong schemaVersion, String schemaFingerprint) {

    /** Requires all parts. */
    public Source {
      Objects.requireNonNull(engine, "engine");
      Objects.requireNonNull(engineVersion, "engineVersion");
      Objects.requireNonNull(schemaVersion, "schemaVersion");
      Objects.requireNonNull(schemaFingerprint, "schemaFingerprint");
    }
  }

  /**
   * One table of {@code tenant.sqlite3}.
   *
   * @param name its name, not quoted
   * @param rows how many rows it has
   * @param digest the {@link ContentDigest} of these rows, independent of their order
   * @param definition the {@code CREATE TABLE} statement of the source
   * @param indexes the {@code CREATE INDEX} statements of the source; the table in {@code
   *     tenant.sqlite3} does not have them
   * @param danglingReferences how many of the rows pointed at no row at all when they were backed
   *     up
   * @param dangling through which references they did, and with which values; empty in archives of
   *     a time when only the number was kept
   * @param leftBehind references of other owners' rows that led to no row of this table, and that a
   *     restore was about to lead to rows which it brings back; only in a safety archive
   * @param toOthers references of the rows that led to other owners' rows, with their values; empty
   *     in archives of a time when they were not listed
   */
  public record Table(
      String name,
      long rows,
      String digest,
      String definition,
      List<String> indexes,
      long danglingReferences,
      List<ListedReference> dangling,
      List<ListedReference> leftBehind,
      Optional<List<ListedReference>> toOthers) {

    /** Requires all parts and copies the lists. */
    public Table {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(definition, "definition");
      indexes = List.copyOf(indexes);
      dangling = List.copyOf(dangling);
      leftBehind = List.copyOf(leftBehind);
      toOthers = toOthers.map(List::copyOf);
      Sha256.requireHex(digest, "The digest of the table " + name);
      if (rows < 0 || danglingReferences < 0) {
        throw new IllegalArgumentException(
            "Table %s cannot have %d rows and %d dangling references"
                .formatted(name, rows, danglingReferences));
      }
    }
  }

  /**
   * One entry of the tar after the manifest.
   *
   * @param name its path in the archive, with {@code /} between the folders: relative, without
   *     {@code .} or {@code ..}, backslashes and control characters
   * @param size its length in bytes
   * @param sha256 its digest, lower-case hexadecimal
   * @param mode the POSIX permissions of the file that it was, {@code 0640} for instance; empty if
   *     they were not kept
   * @param modified when the file that it was had been written to last; empty if that was not kept
   */
  public record Entry(
      String name, long size, String sha256, OptionalInt mode, Optional<Instant> modified) {

    /** An entry whose permissions and time are not kept. */
    public Entry(String name, long size, String sha256) {
      this(name, size, sha256, OptionalInt.empty(), Optional.empty());
    }

    /** Requires all parts, and a name that cannot leave the folder it is extracted into. */
    public Entry {
      EntryNames.requireSafe(name);
      Objects.requireNonNull(modified, "modified");
      Sha256.requireHex(sha256, "The SHA-256 of the entry " + name);
      if (size < 0) {
        throw new IllegalArgumentException("Entry " + name + " cannot have " + size + " bytes");
      }
      EntryNames.requireMode(name, mode);
    }
  }

  /**
   * One folder of a tree.
   *
   * @param name its path in the archive, as an entry's: {@code trees/uploads/ab}
   * @param mode its POSIX permissions; empty if they were not kept
   * @param modified when an entry of it had been made or removed last; empty if that was not kept
   */
  public record Folder(String name, OptionalInt mode, Optional<Instant> modified) {

    /** Requires all parts, and a name inside of the trees. */
    public Folder {
      EntryNames.requireFolder(name);
      Objects.requireNonNull(modified, "modified");
      EntryNames.requireMode(name, mode);
    }
  }

  /**
   * One symbolic link of a tree, to something in the same tree.
   *
   * @param name its path in the archive, as an entry's
   * @param target where it leads, from its own folder: {@code ../ab/photo}; that need not be there
   */
  public record Link(String name, String target) {

    /** Requires a name inside of a tree, and a target that does not lead out of it. */
    public Link {
      EntryNames.requireLink(name, target);
    }

    /** Whether a link of this name and target would stay in its tree. */
    public static boolean staysInTree(String name, String target) {
      return EntryNames.staysInTree(name, target);
    }
  }

  /** A manifest without places: a tenant's. */
  public ArchiveManifest(
      Kind kind,
      Purpose purpose,
      Optional<TenantId> tenant,
      Instant capturedAt,
      Source source,
      String libraryVersion,
      List<Table> tables,
      List<Entry> entries,
      List<String> missing) {
    this(
        kind,
        purpose,
        tenant,
        capturedAt,
        source,
        libraryVersion,
        tables,
        entries,
        missing,
        List.of(),
        List.of(),
        List.of(),
        OptionalLong.empty(),
        Optional.empty());
  }

  /** Requires all parts, copies the lists and refuses contradictions. */
  public ArchiveManifest {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(libraryVersion, "libraryVersion");
    Objects.requireNonNull(ownership, "ownership");
    tables = List.copyOf(tables);
    entries = List.copyOf(entries);
    missing = List.copyOf(missing);
    places = List.copyOf(places);
    folders = List.copyOf(folders);
    links = List.copyOf(links);
    if (!capturedAt.equals(capturedAt.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException(
          "The instant " + capturedAt + " is finer than a millisecond");
    }
    if (tenant.isPresent() != (kind == Kind.TENANT)) {
      throw new IllegalArgumentException(
          "An archive of kind " + kind + " cannot have the tenant " + tenant);
    }
    missing.forEach(EntryNames::requireSafe);
    EntryNames.requireDistinct(
        Stream.concat(entries.stream().map(Entry::name), links.stream().map(Link::name)).toList(),
        folders.stream().map(Folder::name).toList());
    if (kind == Kind.TENANT) {
      requireTenant(entries, missing, folders, links);
    } else if (entries.isEmpty() && folders.isEmpty()) {
      throw new IllegalArgumentException("An archive without any entry holds nothing");
    }
    requirePlaces(kind, places);
    if (sequence.isPresent() && sequence.getAsLong() < 1) {
      throw new IllegalArgumentException("There is no sequence " + sequence.getAsLong());
    }
    sum(tables, Table::rows);
    sum(entries, Entry::size);
  }

  private static void requireTenant(
      List<Entry> entries, List<String> missing, List<Folder> folders, List<Link> links) {
    if (entries.stream().noneMatch(entry -> entry.name().equals(TENANT_DATABASE))) {
      throw new IllegalArgumentException("A tenant's archive needs the entry " + TENANT_DATABASE);
    }
    if (!folders.isEmpty() || !links.isEmpty()) {
      throw new IllegalArgumentException("A tenant's archive has no folders and no links");
    }
    entries.forEach(entry -> EntryNames.requirePlain(entry.name()));
    missing.forEach(EntryNames::requirePlain);
  }

  private static void requirePlaces(Kind kind, List<SystemPlace> places) {
    if (kind == Kind.TENANT && !places.isEmpty()) {
      throw new IllegalArgumentException("A tenant's archive has no places: " + places);
    }
    Set<String> names = new HashSet<>();
    for (SystemPlace place : places) {
      if (!names.add(place.name())) {
        throw new IllegalArgumentException("Two places have the name " + place.name());
      }
    }
  }

  /** The same, as the publication of this number among its owner's. */
  public ArchiveManifest numbered(OptionalLong number) {
    return with(entries, missing, folders, links, number, ownership);
  }

  /** The same, telling whose the rows of the whole database are. */
  public ArchiveManifest telling(Optional<OwnershipCheck.Figure> figure) {
    return with(entries, missing, folders, links, sequence, figure);
  }

  /** The same, with other entries, and more that are missing. */
  public ArchiveManifest holding(List<Entry> otherEntries, List<String> moreMissing) {
    List<String> allMissing = new ArrayList<>(missing);
    allMissing.addAll(moreMissing);
    return with(otherEntries, allMissing, folders, links, sequence, ownership);
  }

  /** The same, with other folders and links, and another number. */
  ArchiveManifest with(List<Folder> otherFolders, List<Link> otherLinks, OptionalLong number) {
    return with(entries, missing, otherFolders, otherLinks, number, ownership);
  }

  private ArchiveManifest with(
      List<Entry> otherEntries,
      List<String> otherMissing,
      List<Folder> otherFolders,
      List<Link> otherLinks,
      OptionalLong number,
      Optional<OwnershipCheck.Figure> figure) {
    return new ArchiveManifest(
        kind,
        purpose,
        tenant,
        capturedAt,
        source,
        libraryVersion,
        tables,
        otherEntries,
        otherMissing,
        places,
        otherFolders,
        otherLinks,
        number,
        figure);
  }

  /** The lowest version of the format that has all that this manifest says. */
  int formatVersion() {
    boolean plain =
        folders.isEmpty()
            && links.isEmpty()
            && entries.stream().allMatch(entry -> EntryNames.isPlain(entry.name()))
            && missing.stream().allMatch(EntryNames::isPlain);
    return plain ? PLAIN_FORMAT_VERSION : FORMAT_VERSION;
  }

  /** How many entries follow the manifest: files, folders and links. */
  public int members() {
    return entries.size() + folders.size() + links.size();
  }

  /** The sum of the rows of all tables. */
  public long rows() {
    return sum(tables, Table::rows);
  }

  /** The sum of the bytes of all entries, the manifest not counted. */
  public long bytes() {
    return sum(entries, Entry::size);
  }

  // Sizes are what whoever made the archive says: a sum that wraps around would pass every limit.
  private static <T> long sum(Collection<T> parts, ToLongFunction<T> size) {
    try {
      return parts.stream().mapToLong(size).reduce(0, Math::addExact);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("The sizes add up to more than 2^63 - 1", e);
    }
  }
}
