package dev.sevenfold.backup.files;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import dev.sevenfold.backup.stage.WrittenRows;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the files of an archive with those that the tenant has. A file is written only if a
 * staged row names it, below its root, and never in the place of a database or of a file that
 * another tenant's row names with another content.
 *
 * <p>A safety archive also has files that no row named, and that its restore found in the places of
 * its own. They go back there, if the tenant's rows name those places now.
 */
public final class FilePlanner {

  private static final int SHOWN = 5;

  private static final Set<String> NO_FILES =
      Set.of(ArchiveManifest.TENANT_DATABASE, WrittenRows.ENTRY);

  private final LiveRows live;
  private final Engine engine;
  private final Copied copied;
  private final StagedTenant archive;
  private final boolean inPlace;
  private final FileSets sets;
  private final OwnPlaces ownPlaces;
  private final List<FilePlan.Write> writes = new ArrayList<>();
  private final List<AttachedFile> unnamed = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Set<String>> wouldBeShared = new TreeMap<>();
  private final FilePlaces places = new FilePlaces();
  private final Set<Path> written = new TreeSet<>();
  private final Set<Path> missingRoots = new HashSet<>();

  /** Files that are there already as the archive has them. */
  private final Set<Path> alike = new HashSet<>();

  /** What each file will be, by its digest. */
  private final Map<Path, String> planned = new HashMap<>();

  /** The files that the tenant has. */
  private final Map<Path, AttachedFile> now = new HashMap<>();

  /** The files that the tenant's rows name, whether they are there or not. */
  private Set<Path> own = Set.of();

  private Set<Path> usedByOthers = Set.of();
  private long unchanged;

  public FilePlanner(
      LiveRows live, Engine engine, Copied copied, StagedTenant archive, TenantId target) {
    this.live = live;
    this.engine = engine;
    this.copied = copied;
    this.archive = archive;
    this.inPlace = archive.manifest().tenant().equals(Optional.of(target));
    this.sets = FileSets.of(copied.ownership());
    this.ownPlaces = engine.own();
  }

  /**
   * Makes the plan.
   *
   * @param archived the entry names of files that the archived rows name
   * @param part the files that may be written
   * @param renamed from the name of an entry to those that rows have for it by now
   * @param before the files that the tenant has
   */
  public FilePlan plan(
      Set<String> archived,
      PartFiles part,
      Map<String, Set<String>> renamed,
      TenantFiles.Found before)
      throws SQLException {
    before.unreadable().forEach(this::addUnreadable);
    for (AttachedFile file : before.files()) {
      sets.file(file.entryName()).ifPresent(path -> now.put(path, file));
    }
    Set<String> named = TenantFiles.named(live.workbench(), Workbench.STAGE, sets);
    Set<Path> staying = files(named);
    own = files(TenantFiles.named(live.workbench(), Workbench.COPY, sets));
    Set<Path> candidates = new HashSet<>(staying);
    candidates.addAll(own);
    usedByOthers = FileUsers.of(live, copied, sets, candidates);
    for (ArchiveManifest.Entry entry : archive.manifest().entries()) {
      if (!NO_FILES.contains(entry.name())) {
        Set<String> names = new TreeSet<>(renamed.getOrDefault(entry.name(), Set.of(entry.name())));
        names.retainAll(named);
        names.stream()
            .filter(name -> part.mayBeWritten(name, digestOf(name)))
            .forEach(name -> plan(entry, name));
        if (names.isEmpty()) {
          planUnnamed(entry, archived, staying, part.whole());
        }
      }
    }
    requireNoFileAboveAnother();
    if (archive.outside()) {
      named.stream()
          .filter(name -> part.whole() || part.coming().contains(name))
          .forEach(this::requireNobodysIsLeftAlone);
    }
    List<Path> removes = removes(staying);
    conflicts.addAll(part.changedSince(archive.manifest().entries(), named, this::digestOf));
    removes.forEach(file -> places.inTheWayOfRemoval(file).ifPresent(conflicts::add));
    return new FilePlan(writes, removes, unchanged, unnamed, allConflicts(), notes);
  }

  private Optional<String> digestOf(String entryName) {
    return sets.file(entryName).map(now::get).map(AttachedFile::sha256);
  }

  private Set<Path> files(Set<String> entryNames) {
    return entryNames.stream()
        .flatMap(name -> sets.file(name).stream())
        .collect(Collectors.toSet());
  }

  private List<Path> removes(Set<Path> staying) {
    return now.entrySet().stream()
        .filter(file -> !staying.contains(file.getKey()))
        .filter(file -> !usedByOthers.contains(file.getKey()))
        .filter(file -> !planned.containsKey(file.getKey()))
        .map(file -> file.getValue().path())
        .sorted()
        .toList();
  }

  private static Path real(Path file) {
    try {
      return DurableFiles.real(file);
    } catch (IOException e) {
      throw lookedAt(file, e);
    }
  }

  /**
   * A row that somebody sent in may name any file below the root. One that is there, and that no
   * row of the tenant names now, is not its file for that: neither replaced, nor backed up from now
   * on, nor removed with the row.
   */
  private void requireNobodysIsLeftAlone(String name) {
    Optional<Path> file = sets.file(name);
    FileSets.Place place = sets.place(name).orElseThrow();
    Path target = place.root().resolve(place.path());
    if (file.isEmpty() || own.contains(file.get()) || alike.contains(file.get())) {
      return;
    }
    if (DurableFiles.exists(target) && !DurableFiles.isFolder(target)) {
      conflicts.add(
          "file "
              + target
              + " is there, no row of the tenant names it now, and the archive, which was sent in,"
              + " has no such file; move it away if the archive's may take its place");
    }
  }

  /** An entry that no restored row names. */
  private void planUnnamed(
      ArchiveManifest.Entry entry, Set<String> archived, Set<Path> staying, boolean whole) {
    boolean wasThere =
        inPlace && sets.setOf(entry.name()).isPresent() && !archived.contains(entry.name());
    Optional<Path> file = wasThere ? sets.file(entry.name()) : Optional.empty();
    boolean stays = file.filter(staying::contains).isPresent();
    if (file.filter(own::contains).isPresent() && !stays) {
      if (file.filter(usedByOthers::contains).isEmpty()) {
        plan(entry, entry.name());
        notes.add(
            "File "
                + entry.name()
                + ", which no row named, is again what it was before the restore");
      }
    } else if (!stays && whole) {
      notes.add("File " + entry.name() + " stays in the archive: no restored row names it");
    }
  }

  private void plan(ArchiveManifest.Entry entry, String name) {
    FileSets.Place place = sets.place(name).orElseThrow();
    Optional<Path> nameable = sets.file(name);
    if (nameable.isEmpty()) {
      addUnreadable("a restored row names " + name);
      return;
    }
    Path file = nameable.get();
    Path target = place.root().resolve(place.path());
    Optional<OwnPlace> ours = ownPlaces.holding(target);
    if (ours.isPresent()) {
      notes.add("File " + name + " stays in the archive: its place is " + ours.get());
      return;
    }
    String other = planned.putIfAbsent(file, entry.sha256());
    if (other != null) {
      if (!other.equals(entry.sha256())) {
        conflicts.add("file " + target + " has two contents in the archive");
      }
      return;
    }
    try {
      Optional<String> database = isDatabase(target);
      if (database.isPresent()) {
        // Not even opened: closing it again would drop the locks of this process.
        conflicts.add(database.get());
        return;
      }
      AttachedFile known = now.get(file);
      Optional<AttachedFile> live =
          known != null ? Optional.of(known) : inItsPlace(place, name, target);
      if (usedByOthers.contains(file)) {
        lookAtSharing(file, name, place, target);
      } else if (known == null) {
        live.ifPresent(found -> keep(found, entry));
      }
      compare(entry, name, live, file, place, target);
    } catch (LiveFiles.Unreadable e) {
      conflicts.add(e.getMessage());
    } catch (AccessDeniedException e) {
      conflicts.add("file " + target + " is there, and may not be read by this process");
    } catch (IOException e) {
      throw lookedAt(target, e);
    }
  }

  private static OperationFailed lookedAt(Path file, IOException e) {
    return new OperationFailed(
        "The file " + file + " could not be looked at: " + Printable.reason(e),
        "Check its permissions",
        e);
  }

  /** What is in the place of a restored file, and is no file of the tenant's. */
  private Optional<AttachedFile> inItsPlace(FileSets.Place place, String name, Path target)
      throws IOException {
    if (FilePlaces.isEmptyFolder(target)) {
      notes.add("Folder " + target + ", which is empty, makes room for a file");
      return Optional.empty();
    }
    return TenantFiles.read(place.root(), place.path(), name);
  }

  private void compare(
      ArchiveManifest.Entry entry,
      String name,
      Optional<AttachedFile> live,
      Path file,
      FileSets.Place place,
      Path target) {
    if (live.isPresent() && live.get().sha256().equals(entry.sha256())) {
      unchanged++;
      alike.add(file);
    } else if (live.isPresent() && usedByOthers.contains(file)) {
      conflicts.add("file " + target + " would change, and another tenant's row names it");
    } else {
      Optional<String> way =
          places.inTheWay(place.root().toAbsolutePath(), target.toAbsolutePath());
      way.ifPresent(conflicts::add);
      if (!Files.exists(place.root()) && missingRoots.add(place.root())) {
        notes.add("Folder " + place.root() + " is not there, and is made");
      }
      written.add(file);
      writes.add(
          new FilePlan.Write(
              archive.entry(entry.name()),
              way.isPresent() ? target : realBelow(place, target),
              name,
              entry.sha256()));
    }
  }

  /** Where the file is, once links are followed that stay below the root. */
  private Path realBelow(FileSets.Place place, Path target) {
    Path real = real(target);
    Path root = DurableFiles.folderOf(real(place.root().resolve(target.getFileName())));
    if (!real.startsWith(root)) {
      conflicts.add("file " + target + " leads out of " + place.root());
    }
    return real;
  }

  /** Files of which one is where the folder of another one has to be. */
  private void requireNoFileAboveAnother() {
    for (Path file : written) {
      for (Path above = file.getParent(); above != null; above = above.getParent()) {
        if (written.contains(above)) {
          conflicts.add("file " + file + " cannot be below file " + above);
        }
      }
    }
  }

  /** A file in the place of a restored one that is nobody's: an undo brings it back. */
  private void keep(AttachedFile found, ArchiveManifest.Entry entry) {
    unnamed.add(found);
    if (!found.sha256().equals(entry.sha256())) {
      notes.add(
          "File "
              + found.path()
              + ", which no row names now, is replaced; the safety archive keeps it");
    }
  }

  /**
   * A file that another tenant's row names too. Where the application deletes a file with its row,
   * the other tenant would lose it.
   */
  private void lookAtSharing(Path file, String name, FileSets.Place place, Path target) {
    String set = sets.setOf(name).orElseThrow();
    if (sets.set(set).shared() || own.contains(file)) {
      return;
    }
    if (inPlace) {
      notes.add("File " + target + " is named by another tenant's row too: both have one file");
    } else {
      wouldBeShared.computeIfAbsent(set, any -> new TreeSet<>()).add(place.path());
    }
  }

  private List<String> allConflicts() {
    List<String> all = new ArrayList<>(conflicts);
    wouldBeShared.forEach((set, paths) -> all.add(describe(sets.set(set).table(), paths)));
    return all;
  }

  private static String describe(String table, Set<String> paths) {
    String shown = paths.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return paths.size()
        + " of the files of table "
        + table
        + " would be another tenant's too: "
        + shown
        + (paths.size() > SHOWN ? ", …" : "")
        + ". Say which column gets a new name (newFileKeys; in a config: new_key), or that the"
        + " application shares files (sharedFiles; in a config: shared: true)";
  }

  private void addUnreadable(String what) {
    conflicts.add(what + ", a file that this Java cannot: " + FileText.OTHER_LOCALE);
  }

  private Optional<String> isDatabase(Path target) throws IOException {
    for (Path file : engine.files()) {
      if (file.equals(target.toAbsolutePath()) || LiveFiles.isSame(file, target)) {
        return Optional.of("file " + target + " is the live database");
      }
    }
    if (LiveFiles.isPartOfDatabase(target)) {
      return Optional.of("file " + target + " belongs to a database in use");
    }
    return Optional.empty();
  }
}
