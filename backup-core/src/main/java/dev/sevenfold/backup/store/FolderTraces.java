package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All files that a folder has of one owner, to be shown and to be removed. Thread-safe. */
final class FolderTraces {

  private final Folder folder;
  private final FolderLayout layout;

  FolderTraces(Folder folder, FolderLayout layout) {
    this.folder = folder;
    this.layout = layout;
  }

  /** See {@link ArchiveStore#kept}. */
  List<String> of(ArchiveOwner owner) {
    try {
      return names(owner).stream().map(name -> name + " in " + folder.describe()).toList();
    } catch (IOException e) {
      throw folder.explain("Nobody knows what is kept of an owner in " + folder.describe(), e);
    }
  }

  /**
   * See {@link ArchiveStore#forget}.
   *
   * @param deletion deletes an archive with all that goes with it
   */
  void remove(ArchiveOwner owner, Consumer<Label> deletion) {
    try {
      Predicate<String> owned = ownedBy(owner);
      names(owner).stream()
          .flatMap(name -> labelOf(name).stream())
          .filter(owner::owns)
          .distinct()
          .forEach(deletion);
      if (layout.current() == FolderLayout.Kind.FLAT) {
        // An owner's folder was what told an empty store from a disk that is not mounted.
        layout.prepare();
      }
      String own = folderOf(owner);
      // What a killed process left of archives is nobody's by now, and the digests go last.
      for (String name : folder.list(FolderLayout.ROOT, owned).keySet()) {
        removeIfRegular(name);
      }
      Predicate<String> ours = owned.or(ArchiveFileName.DELETED::equals);
      for (String name : folder.list(List.of(own), ours).keySet()) {
        removeIfRegular(name);
      }
      folder.sync(own + "/" + ArchiveFileName.DELETED);
      if (folder.list(List.of(own), FolderTraces::isFile).isEmpty()) {
        folder.removeEmptyFolder(own);
      }
    } catch (IOException e) {
      throw folder.explain("Not all of an owner could be deleted in " + folder.describe(), e);
    }
  }

  private void removeIfRegular(String name) throws IOException {
    Folder.Entry file = folder.stat(List.of(name)).get(name);
    if (file != null && file.regular()) {
      folder.remove(name);
    }
  }

  private Set<String> names(ArchiveOwner owner) throws IOException {
    Set<String> names = new TreeSet<>(folder.list(FolderLayout.ROOT, ownedBy(owner)).keySet());
    names.addAll(folder.list(List.of(folderOf(owner)), FolderTraces::isFile).keySet());
    if (names.isEmpty()) {
      layout.requireStill();
    }
    return names;
  }

  /** A server may list the folder itself, and the one above. */
  private static boolean isFile(String name) {
    return !name.equals(".") && !name.equals("..");
  }

  private static Predicate<String> ownedBy(ArchiveOwner owner) {
    return name -> labelOf(name).filter(owner::owns).isPresent();
  }

  /** Of an archive, its record or its lock, in whatever folder. */
  private static Optional<Label> labelOf(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return ArchiveFileName.labelOf(file)
        .or(() -> ArchiveFileName.labelOfRecord(file))
        .or(() -> ArchiveFileName.labelOfLock(file));
  }

  private static String folderOf(ArchiveOwner owner) {
    if (owner.equals(ArchiveOwner.anyone())) {
      throw new IllegalArgumentException("It is of one owner that all is looked for, not of any");
    }
    return ArchiveFileName.folderOf(owner)
        .orElseThrow(() -> new IllegalArgumentException("No label can be made for " + owner));
  }
}
