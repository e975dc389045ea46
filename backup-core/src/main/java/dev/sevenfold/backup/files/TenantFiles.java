package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.MountedFolder;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import dev.sevenfold.backup.tenant.FileSet;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds the files that the rows of an extracted tenant name. */
public final class TenantFiles {

  /**
   * What was found.
   *
   * @param files the files, in the order of their entry names
   * @param missing entry names of files that are not there
   * @param warnings one sentence for each file that is missing or must not be read
   * @param unreadable one sentence for each file whose name cannot be read in this locale
   * @param unmounted one sentence for each folder that is not there, or has no file, while rows
   *     name files in it
   */
  public record Found(
      List<AttachedFile> files,
      List<String> missing,
      List<String> warnings,
      List<String> unreadable,
      List<String> unmounted) {

    /** As these, with other files. */
    Found with(List<AttachedFile> others) {
      return new Found(others, missing, warnings, unreadable, unmounted);
    }

    /** These, and files that no row names. */
    public Found and(List<AttachedFile> more) {
      List<AttachedFile> all = new ArrayList<>(files);
      all.addAll(more);
      all.sort(Comparator.comparing(AttachedFile::entryName));
      return with(all);
    }

    /** Refuses to back up without a file that is there, for all that can be said. */
    public Found requireReadable() {
      if (!unreadable.isEmpty()) {
        throw new BackupRefused(
            "Rows name files that this Java cannot", unreadable, UNREADABLE_ADVICE);
      }
      return this;
    }
  }

  private static final String UNREADABLE_ADVICE =
      "Java takes the encoding of file names from the locale: " + FileText.OTHER_LOCALE;

  private final FileSets sets;
  private final List<Path> forbidden;
  private final OwnPlaces ours;
  private final List<AttachedFile> files = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  /** Files that rows name by bytes instead of a text, as the file sets tell them apart. */
  private final Set<Path> byBytes = new HashSet<>();

  private TenantFiles(FileSets sets, List<Path> forbidden, OwnPlaces ours) {
    this.sets = sets;
    this.ours = ours;
    this.forbidden = forbidden;
  }

  /**
   * Reads every file that rows in {@code schema} name.
   *
   * @param engine whose files are never opened, nor those of its backups
   */
  public static Found find(
      LiveRows live, Copied copied, String schema, Engine engine, Progress progress)
      throws SQLException {
    FileSets sets = FileSets.of(copied.ownership());
    TenantFiles found = new TenantFiles(sets, engine.files(), engine.own());
    Map<String, Map<String, String>> paths = new TreeMap<>();
    for (String set : sets.names()) {
      paths.put(set, found.paths(live.workbench(), schema, set, "1"));
    }
    Set<Path> others = FileUsers.outside(live, copied.schema(), sets, schema, found.byBytes);
    paths.forEach((set, named) -> found.leaveOut(set, named, others));
    long total = paths.values().stream().mapToLong(Map::size).sum();
    long done = 0;
    for (Map.Entry<String, Map<String, String>> set : paths.entrySet()) {
      for (Map.Entry<String, String> path : set.getValue().entrySet()) {
        progress.report("files", Progress.Unit.FILES, done++, total);
        found.read(set.getKey(), path.getKey(), path.getValue());
      }
    }
    found.files.sort(Comparator.comparing(AttachedFile::entryName));
    return new Found(
        found.files, found.missing, found.warnings, found.unreadable, found.unmounted());
  }

  private List<String> unmounted() {
    List<String> unmounted = new ArrayList<>();
    for (String name : sets.names()) {
      long gone = in(name, missing.stream());
      if (gone > 0 && in(name, files.stream().map(AttachedFile::entryName)) == 0) {
        FileSet set = sets.set(name);
        MountedFolder.doubt(set.root(), forbidden)
            .ifPresent(
                doubt ->
                    unmounted.add(
                        "the folder %s %s, and rows of %s name %d files in it"
                            .formatted(set.root(), doubt, set.table(), gone)));
      }
    }
    return unmounted;
  }

  private static long in(String set, Stream<String> entryNames) {
    return entryNames.filter(name -> name.startsWith(FileSets.entryName(set, ""))).count();
  }

  /** The entry names of all files that rows in {@code schema} name. */
  public static Set<String> named(Session session, String schema, FileSets sets)
      throws SQLException {
    return named(session, schema, sets, set -> "1");
  }

  /** As {@link #named}, of the rows {@code s} of each set that a condition is true for. */
  static Set<String> named(
      Session session, String schema, FileSets sets, Function<FileSet, String> condition)
      throws SQLException {
    TenantFiles files = new TenantFiles(sets, List.of(), OwnPlaces.NONE);
    Set<String> named = new TreeSet<>();
    for (String set : sets.names()) {
      files.paths(session, schema, set, condition.apply(sets.set(set))).keySet().stream()
          .map(path -> FileSets.entryName(set, path))
          .forEach(named::add);
    }
    return named;
  }

  /** From each path to the row that names it first. */
  private Map<String, String> paths(Session session, String schema, String name, String condition)
      throws SQLException {
    FileSet set = sets.set(name);
    List<String> columns = set.path().columns();
    Map<String, String> paths = new TreeMap<>();
    session.forEach(
        Sql.of(
            "SELECT {columns}, 'blob' IN ({types}) FROM {table} s WHERE {condition}",
            asText(columns),
            Sql.commas(columns, column -> "typeof(" + Sql.name(column) + ")"),
            Sql.name(schema, set.table()),
            condition),
        row -> {
          try {
            Optional<String> path = path(set, row);
            if (path.isPresent()) {
              if (row.getBoolean(columns.size() + 1) && !set.shared()) {
                sets.file(FileSets.entryName(name, path.get())).ifPresent(byBytes::add);
              }
              paths.put(path.get(), describe(row, columns.size()));
            }
          } catch (IllegalArgumentException e) {
            warnings.add(
                "A row of " + set.table() + " names no file: " + e.getMessage() + " (left out)");
          }
        });
    return paths;
  }

  /**
   * Leaves out what a row names by bytes and another tenant's row names too: bytes are no text of a
   * unique column, so that nothing keeps a row from having those of another tenant's file.
   */
  private void leaveOut(String set, Map<String, String> paths, Set<Path> others) {
    if (others.isEmpty()) {
      return;
    }
    Map<String, String> left = new TreeMap<>(paths);
    left.keySet()
        .removeIf(
            path -> sets.file(FileSets.entryName(set, path)).filter(others::contains).isEmpty());
    left.forEach(
        (path, row) -> {
          paths.remove(path);
          warnings.add(
              ("File %s is another tenant's: its row names it too, and the row %s of %s does "
                      + "so by a blob (left out)")
                  .formatted(sets.set(set).root().resolve(path), row, sets.set(set).table()));
        });
  }

  /** The path that a row names, from the columns that {@link #asText} selects. */
  public static Optional<String> path(FileSet set, ResultSet row) throws SQLException {
    return set.path().resolve(values(set, row, 0)::get);
  }

  /** What a row makes of the path, also where that is no plain one below the root. */
  public static Optional<String> spelled(FileSet set, ResultSet row) throws SQLException {
    return set.path().spelled(values(set, row, 0)::get);
  }

  /** The values of the path's columns, from the one on that {@code first} others stand before. */
  public static Map<String, String> values(FileSet set, ResultSet row, int first)
      throws SQLException {
    List<String> columns = set.path().columns();
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String value = row.getString(first + i + 1);
      if (value != null) {
        values.put(columns.get(i), value);
      }
    }
    return values;
  }

  private static String describe(ResultSet row, int columns) throws SQLException {
    return RowKeys.text(RowKeys.values(row, columns));
  }

  public static String asText(List<String> columns) {
    return Sql.commas(columns, column -> "CAST(" + Sql.name(column) + " AS TEXT)");
  }

  private void read(String set, String path, String row) {
    String entryName = FileSets.entryName(set, path);
    Path root = sets.set(set).root();
    try {
      for (Path file : forbidden) {
        if (LiveFiles.isSame(root.resolve(path), file)) {
          throw new LiveFiles.Unreadable(root.resolve(path) + " is the live database");
        }
      }
      Optional<OwnPlace> place = ours.holding(root.resolve(path));
      if (place.isPresent()) {
        throw new LiveFiles.Unreadable(root.resolve(path) + " is Sevenfold's own: " + place.get());
      }
      read(root, path, entryName, state -> warnings.add(live(root.resolve(path), state)))
          .ifPresentOrElse(
              files::add,
              () -> {
                missing.add(entryName);
                warnings.add(
                    "Missing file %s, named by the row %s of %s%s"
                        .formatted(
                            root.resolve(path),
                            row,
                            sets.set(set).table(),
                            whyNone(root.resolve(path))));
              });
    } catch (LiveFiles.Unreadable e) {
      missing.add(entryName);
      warnings.add(e.getMessage() + " (left out)");
    } catch (InvalidPathException e) {
      String what = "the row " + row + " of " + sets.set(set).table() + " names " + entryName;
      if (FileText.isUnicode()) {
        // Half a character, for instance: no file can have such a name.
        missing.add(entryName);
        warnings.add("No file has such a name: " + what + " (left out)");
      } else {
        unreadable.add(what);
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The file %s, named by the row %s of %s, could not be read: %s"
              .formatted(root.resolve(path), row, sets.set(set).table(), Printable.reason(e)),
          e instanceof AccessDeniedException
              ? "Let the user that this process runs as read the file, and read and enter the"
                  + " folders above it, then back up again"
              : "Look at the file and the disk below it, then back up again",
          e);
    }
  }

  /** Why nothing can be there, where it is more than that nothing is. */
  private static String whyNone(Path file) {
    try {
      DurableFiles.attributes(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      return ": " + Printable.reason(e);
    }
    return "";
  }

  private static String live(Path file, LiveFiles.State state) {
    return state == LiveFiles.State.GROWING
        ? "File " + file + " grew while it was read, and is archived as long as it was when opened"
        : "File " + file + " never rested, and is archived as one reading found it";
  }

  /**
   * Reads and digests a file, as {@link LiveFiles#digest} does.
   *
   * @return empty if there is no such file
   * @throws LiveFiles.Unreadable if it must not be read
   */
  public static Optional<AttachedFile> read(Path root, String path, String entryName)
      throws IOException {
    return read(root, path, entryName, state -> {});
  }

  private static Optional<AttachedFile> read(
      Path root, String path, String entryName, Consumer<LiveFiles.State> live) throws IOException {
    Path file = root.resolve(path);
    if (!DurableFiles.isThere(file)) {
      return Optional.empty();
    }
    Path real = LiveFiles.requireReadable(root, file);
    LiveFiles.Read read = LiveFiles.digest(real, () -> HeldFolder.openFile(real));
    if (read.state() != LiveFiles.State.RESTING) {
      live.accept(read.state());
    }
    return Optional.of(
        new AttachedFile(entryName, real, read.content().size(), read.content().sha256()));
  }
}
