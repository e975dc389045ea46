package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.SystemPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives staged files the modes and owners that they are to have in their places, and sees them to
 * the disk: they are right from the first moment that they are there. Use from one thread.
 */
final class StagedAttributes {

  private static final int OWN = 0700;

  private final RestoreLayout layout;
  private final WorkFolder work;
  private final FileOwners owners;
  private final int databaseMode;
  private final DiskFiles disk;

  StagedAttributes(
      RestoreLayout layout, WorkFolder work, FileOwners owners, int databaseMode, DiskFiles disk) {
    this.layout = layout;
    this.work = work;
    this.owners = owners;
    this.databaseMode = databaseMode;
    this.disk = disk;
  }

  /** Everything that was extracted. */
  void set(ArchiveManifest manifest) throws IOException {
    for (SystemPlace place : layout.places()) {
      FileOwners.Owner owner = owners.like(nearest(layout.target(place)));
      switch (place.role()) {
        case DATABASE -> set(work.staged().resolve(place.databaseEntry()), databaseMode, owner);
        case TREE -> setTree(place, manifest, owner);
        case REBUILT -> {}
      }
    }
  }

  private void setTree(SystemPlace place, ArchiveManifest manifest, FileOwners.Owner owner)
      throws IOException {
    Path root = work.staged().resolve(place.treePrefix());
    // Folders are not in an archive: theirs follows from the modes of the files in them.
    Map<Path, Integer> folders = new TreeMap<>();
    for (Entry entry : manifest.entries()) {
      if (entry.name().startsWith(place.treePrefix())) {
        Path file = work.staged().resolve(entry.name());
        int mode = entry.mode().orElse(databaseMode);
        set(file, mode, owner);
        for (Path folder = file; !folder.equals(root); ) {
          folder = DiskFiles.folderOf(folder);
          folders.merge(folder, mode, (one, other) -> one | other);
        }
      }
    }
    folders.putIfAbsent(root, databaseMode);
    disk.createFolders(root);
    for (Map.Entry<Path, Integer> folder : folders.entrySet()) {
      set(folder.getKey(), OWN | PosixModes.ofFolder(folder.getValue()), owner);
    }
  }

  /** Folders that the places of databases lack. */
  void setFolder(Path folder) throws IOException {
    set(folder, OWN | PosixModes.ofFolder(databaseMode), owners.like(layout.directory()));
  }

  private void set(Path file, int mode, FileOwners.Owner owner) throws IOException {
    owner.own(file);
    PosixModes.set(file, mode);
    disk.force(file);
  }

  /** What a place replaces, or else the system's folder. */
  private Path nearest(Path target) {
    return DiskFiles.exists(target) ? target : layout.directory();
  }
}
