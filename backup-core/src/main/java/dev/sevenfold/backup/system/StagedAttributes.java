package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives staged files the modes and owners that they are to have in their places, and sees them to
 * the disk: they are right from the first moment that they are there. Use from one thread.
 */
public final class StagedAttributes {

  private static final int OWN_READ = 0400;

  private final RestoreLayout layout;
  private final FileOwners owners;
  private final int databaseMode;
  private final DurableFiles disk;

  public StagedAttributes(RestoreLayout layout, RestoreSettings settings, DurableFiles disk) {
    this.layout = layout;
    this.owners = settings.owners();
    this.databaseMode = settings.databaseMode();
    this.disk = disk;
  }

  /** Everything that was extracted. */
  public void set(ArchiveManifest manifest) throws IOException {
    for (SystemPlace place : layout.places()) {
      // Like what it replaces, or else like the system's folder.
      Path target = layout.target(place);
      FileOwners.Owner owner =
          owners.like(DurableFiles.exists(target) ? target : layout.directory());
      switch (place.role()) {
        case DATABASE ->
            set(layout.staged(place.databaseEntry()), databaseMode, Optional.empty(), owner);
        case TREE -> setTree(place, manifest, owner);
        case REBUILT -> {}
      }
    }
  }

  private void setTree(SystemPlace place, ArchiveManifest manifest, FileOwners.Owner owner)
      throws IOException {
    EntryPlaces staged = layout.entryPlaces();
    // An archive may lack folders: their modes follow from those of the files in them.
    Map<String, Integer> modes = new TreeMap<>();
    for (Entry entry : manifest.entries()) {
      if (entry.name().startsWith(place.treePrefix())) {
        int mode = entry.mode().orElse(databaseMode);
        set(staged.of(entry.name()), mode, entry.modified(), owner);
        for (String name = entry.name(); !name.equals(place.entryName()); ) {
          name = name.substring(0, name.lastIndexOf('/'));
          modes.merge(name, mode, (one, other) -> one | other);
        }
      }
    }
    modes.putIfAbsent(place.entryName(), databaseMode);
    disk.createFolders(staged.of(place.entryName()));
    for (Link link : manifest.links()) {
      if (link.name().startsWith(place.treePrefix())) {
        owner.own(staged.of(link.name()));
      }
    }
    Map<String, Folder> folders = new TreeMap<>();
    RestoreLayout.folders(place, manifest).forEach(folder -> folders.put(folder.name(), folder));
    modes.keySet().removeAll(folders.keySet());
    for (Map.Entry<String, Integer> folder : modes.entrySet()) {
      Path path = staged.of(folder.getKey());
      // One that holds nothing but a mount was extracted there alone.
      if (DurableFiles.isFolder(path)) {
        int mode = PosixModes.ofFolder(folder.getValue());
        set(path, LateFolder.OWN | mode, Optional.empty(), owner);
      }
    }
    for (Folder folder : folders.values()) {
      int mode = folder.mode().orElse(PosixModes.ofFolder(databaseMode));
      set(staged.of(folder.name()), LateFolder.OWN | mode, folder.modified(), owner);
    }
  }

  /** The folders that the places of databases lack. */
  public void setFolders() throws IOException {
    for (WorkFolder each : layout.work().all()) {
      setFolders(each.folders());
    }
  }

  private void setFolders(Path above) throws IOException {
    for (Path folder : DurableFiles.list(above)) {
      setFolder(folder);
      setFolders(folder);
    }
  }

  private void setFolder(Path folder) throws IOException {
    int mode = LateFolder.OWN | PosixModes.ofFolder(databaseMode);
    set(folder, mode, Optional.empty(), owners.like(layout.directory()));
  }

  /** The folder of the system, which was not there: with the mode of a tree that it is. */
  public void setDirectory(ArchiveManifest manifest) throws IOException {
    setFolder(layout.directory());
    for (SystemPlace tree : layout.of(SystemPlace.Role.TREE)) {
      for (Folder folder : manifest.folders()) {
        if (layout.target(tree).equals(layout.directory())
            && tree.treePrefix().equals(folder.name() + '/')
            && folder.mode().isPresent()) {
          PosixModes.set(layout.directory(), LateFolder.OWN | folder.mode().getAsInt());
        }
      }
    }
  }

  private void set(Path file, int mode, Optional<Instant> modified, FileOwners.Owner owner)
      throws IOException {
    owner.own(file);
    DurableFiles.setModified(file, modified);
    // A file has to be opened to see it to the disk.
    PosixModes.set(file, mode | OWN_READ);
    disk.force(file);
    if ((mode & OWN_READ) == 0) {
      PosixModes.set(file, mode);
    }
  }
}
