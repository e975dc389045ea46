package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of a tree that gets its mode and time only when all is in its place: because it was
 * there before and stays, because something is moved into it, or because with its mode it could not
 * be moved itself. Immutable.
 *
 * @param path where it is
 */
public record LateFolder(Path path, OptionalInt mode, Optional<Instant> modified) {

  /** What an owner needs to move a folder, and what is in it. */
  static final int OWN = 0700;

  /** Those of a restore, each before the folders above it; never the folder of the system. */
  public static List<LateFolder> find(
      RestoreLayout layout, ArchiveManifest manifest, List<Move> moves) {
    Set<Path> moved = new HashSet<>();
    moves.stream().filter(move -> move.fresh() != null).forEach(move -> moved.add(move.target()));
    Set<Path> changed = new HashSet<>();
    layout.databaseFiles().forEach(file -> above(layout, file).forEach(changed::add));
    List<LateFolder> late = new ArrayList<>();
    for (SystemPlace tree : layout.of(Role.TREE)) {
      for (Folder folder : RestoreLayout.folders(tree, manifest)) {
        Path path = layout.target(tree, folder.name());
        boolean stays = changed.contains(path) || above(layout, path).noneMatch(moved::contains);
        boolean stiff = (folder.mode().orElse(OWN) & OWN) != OWN;
        if ((stays || stiff) && !path.equals(layout.directory())) {
          late.add(new LateFolder(path, folder.mode(), folder.modified()));
        }
      }
    }
    late.sort(Comparator.comparing(LateFolder::path).reversed());
    return late;
  }

  /** A path and those above it, up to the system's folder. */
  private static Stream<Path> above(RestoreLayout layout, Path path) {
    return Stream.iterate(
        path, each -> each.startsWith(layout.directory()), DurableFiles::folderOf);
  }

  /** Sets what is to be set, and gives it to whom the host has named; may be done again. */
  void apply(FileOwners owners, DurableFiles disk) throws IOException {
    if (DurableFiles.isFolder(path)) {
      owners.like(path).own(path);
      DurableFiles.setModified(path, modified);
      disk.force(path);
      if (mode.isPresent()) {
        PosixModes.set(path, mode.getAsInt());
      }
    }
  }
}
