package dev.sevenfold.backup.files;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a tenant's files as they are before a restore replaces them, so that its safety archive can
 * be made when it is committed: the file of the archive where that is the same, else a second name
 * or a copy in scratch space. Use from one thread.
 */
public final class KeptFiles {

  private final Path folder;
  private final Set<Path> replaced;
  private final Map<String, Path> staged = new HashMap<>();
  private int number;

  private KeptFiles(FilePlan plan, StagedTenant archive, Path folder) {
    this.folder = folder;
    this.replaced = new HashSet<>(plan.removes());
    plan.writes().forEach(write -> replaced.add(write.target()));
    for (ArchiveManifest.Entry entry : archive.manifest().entries()) {
      staged.put(entry.sha256(), archive.entry(entry.name()));
    }
  }

  /**
   * Keeps files that were found.
   *
   * @param plan what becomes of them
   * @param folder a folder in scratch space, which is made
   * @return the same files, where they are kept; empty if one has changed since it was found
   */
  public static Optional<TenantFiles.Found> keep(
      TenantFiles.Found found, FilePlan plan, StagedTenant archive, Path folder) {
    KeptFiles kept = new KeptFiles(plan, archive, folder);
    try {
      Files.createDirectories(folder);
      List<AttachedFile> files = new ArrayList<>();
      for (AttachedFile file : found.files()) {
        Path place = kept.keep(file);
        if (!isThat(file, place)) {
          return Optional.empty();
        }
        Path real = DurableFiles.real(place);
        files.add(new AttachedFile(file.entryName(), real, file.size(), file.sha256()));
      }
      return Optional.of(found.with(files));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new OperationFailed(
          "The files that a restore replaces could not be kept in %s: %s"
              .formatted(folder, Printable.reasonWithFile(e)),
          "Check the space there; nothing was changed",
          e);
    }
  }

  private Path keep(AttachedFile file) throws IOException {
    Path same = staged.get(file.sha256());
    if (same != null) {
      return same;
    }
    Path place = folder.resolve(Integer.toString(number++));
    // Only of a file that leaves its place is a second name enough: another one may be written to.
    if (!replaced.contains(file.path()) || !hasLink(place, file.path())) {
      try (InputStream in = LiveFiles.atMost(file.size(), HeldFolder.openFile(file.path()))) {
        Files.copy(in, place);
      }
    }
    return place;
  }

  private static boolean hasLink(Path place, Path file) throws IOException {
    try {
      Files.createLink(place, file);
      if (isOf(file, place)) {
        return true;
      }
      // A link on the way has led to another file.
      Files.delete(place);
      return false;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Scratch space is on another file system, or this one has no links.
      return false;
    }
  }

  private static boolean isOf(Path file, Path second) throws IOException {
    try (HeldFolder folder = HeldFolder.open(DurableFiles.folderOf(file))) {
      Object key = folder.attributes(file.getFileName()).fileKey();
      return Objects.equals(key, DurableFiles.attributes(second).fileKey());
    }
  }

  /** Whether a file begins with what was found: one that grows has more by now. */
  private static boolean isThat(AttachedFile found, Path place) throws IOException {
    try (InputStream in = LiveFiles.atMost(found.size(), LiveFiles.open(place))) {
      return Sha256.of(in).sha256().equals(found.sha256());
    }
  }
}
