package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.scratch.DatabaseLocks;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemRestorePlan;
import dev.sevenfold.backup.system.KeptPlaces;
import dev.sevenfold.backup.system.LateFolder;
import dev.sevenfold.backup.system.Move;
import dev.sevenfold.backup.system.MovePlanner;
import dev.sevenfold.backup.system.RestoreChecks;
import dev.sevenfold.backup.system.RestoreLayout;
import dev.sevenfold.backup.system.RestoreLock;
import dev.sevenfold.backup.system.RestoreMounts;
import dev.sevenfold.backup.system.RestoreSettings;
import dev.sevenfold.backup.system.StagedAttributes;
import dev.sevenfold.backup.system.SwapJournal;
import dev.sevenfold.backup.system.SwapRun;
import dev.sevenfold.backup.system.WorkFolder;
import dev.sevenfold.backup.system.WorkFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One restore of a system, from its plan to its end. Use from one thread. */
final class SqliteSystemRestore implements SystemRestore {

  // A file takes whole blocks; this is the size of a block nearly everywhere.
  private static final int BLOCK = 4_096;

  private final RestoreSettings settings;
  private final OwnPlaces own;
  private final ArchiveManifest manifest;
  private final RestoreLayout layout;
  private final SystemRestorePlan plan;
  private final WorkFolders folders;
  private final WorkFolder work;
  private final DurableFiles disk;
  private @Nullable RestoreLock lock;
  private boolean begun;

  SqliteSystemRestore(RestoreSettings settings, ArchiveManifest manifest, OwnPlaces own) {
    this.settings = settings;
    this.own = own;
    this.manifest = manifest;
    this.disk = settings.disk().get();
    this.layout = layout();
    this.folders = layout.work();
    this.work = folders.main();
    this.plan = look();
  }

  private RestoreLayout layout() {
    RestoreLayout plain = RestoreLayout.of(settings.directory(), manifest, settings.chosen());
    try {
      return plain.in(RestoreMounts.find(plain, manifest, own, disk.mounts()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SystemRestorePlan look() {
    List<SystemRestorePlan.Placement> placements = new ArrayList<>();
    for (SystemPlace place : layout.places()) {
      Path target = layout.target(place);
      placements.add(new SystemRestorePlan.Placement(place, target, DurableFiles.exists(target)));
    }
    long bytes = manifest.bytes() + (long) BLOCK * manifest.members();
    List<String> notes = new ArrayList<>();
    if (DurableFiles.exists(work.journal())) {
      notes.add("A restore that was killed left " + work.root() + "; it is dealt with first");
    }
    return new SystemRestorePlan(
        placements, bytes, RestoreChecks.find(layout, manifest, settings, disk.mounts()), notes);
  }

  @Override
  public SystemRestorePlan plan() {
    return plan;
  }

  @Override
  public EntryPlaces places() {
    EntryPlaces places = layout.entryPlaces();
    if (lock == null) {
      requireNone(plan.conflicts());
      try {
        makeDirectory();
        lock = RestoreLock.acquire(work.lock());
        SwapRun.recover(settings, disk, lock);
        begun = true;
        folders.make(disk);
        refuseIfInUse();
        Files.createDirectory(work.staged());
        for (Path path : places.elsewhere().values()) {
          Files.createDirectories(DurableFiles.folderOf(path));
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }
    return places;
  }

  private void makeDirectory() throws IOException {
    if (!DurableFiles.exists(settings.directory())) {
      disk.createFolders(settings.directory());
      new StagedAttributes(layout, settings, disk).setDirectory(manifest);
    }
    disk.createFolders(work.root());
    // While empty: what is staged here is nobody else's to read, not even for a moment.
    PosixModes.set(work.root(), WorkFolder.MODE);
    disk.sync();
  }

  private void refuseIfInUse() throws IOException {
    if (!settings.evenIfOpen()) {
      try (DatabaseLocks locks = layout.hold(settings, disk)) {
        requireNone(locks.busy());
      }
      layout.deleteLinks(disk);
    }
  }

  @Override
  public RestoredSystem apply(Progress progress) {
    if (lock == null) {
      throw new IllegalStateException("Extract the archive to places() first");
    }
    try {
      requireExtracted();
      SystemProof proof = verified(progress);
      StagedAttributes attributes = new StagedAttributes(layout, settings, disk);
      attributes.set(manifest);
      List<String> notes = new ArrayList<>(proof.warnings());
      requireNone(RestoreChecks.findAgain(layout, manifest, settings, disk.mounts()));
      try (DatabaseLocks locks = layout.hold(settings, disk)) {
        requireNone(locks.busy());
        KeptPlaces kept = KeptPlaces.find(layout, own);
        notes.addAll(kept.clear(disk));
        List<Move> moves = MovePlanner.plan(layout, kept, disk);
        requireNone(RestoreChecks.findUnmovable(layout, moves, disk.mounts()));
        attributes.setFolders();
        SwapJournal journal =
            new SwapJournal(
                SwapJournal.State.SWAPPING,
                layout.places(),
                moves,
                LateFolder.find(layout, manifest, moves).stream()
                    .filter(folder -> !kept.covers(folder.path()))
                    .toList());
        RestoredSystem restored = new SwapRun(settings, folders, disk, journal).execute(locks);
        notes.addAll(proof.findings());
        notes.addAll(restored.notes());
        return new RestoredSystem(restored.places(), restored.replaced(), notes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SystemProof verified(Progress progress) {
    SystemProof proof =
        SqliteVerifier.customizedBy(settings.customizer())
            .verify(new StagedSystem(layout.entryPlaces(), manifest), progress)
            .require();
    if (!proof.findings().isEmpty() && !settings.acceptFindings()) {
      throw new RestoreRefused(
          "What the archive holds is not as its own schema has it",
          proof.findings(),
          "Nothing was changed; restore with acceptFindings() to have it as it was, and make search"
              + " indexes anew after that");
    }
    return proof;
  }

  /** Looks once more that it is this archive that was extracted, as a whole. */
  private void requireExtracted() throws IOException {
    EntryPlaces places = layout.entryPlaces();
    for (Entry entry : manifest.entries()) {
      Path file = places.of(entry.name());
      requireExtracted(
          entry.name(),
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == entry.size());
    }
    for (Folder folder : manifest.folders()) {
      Path path = places.of(folder.name());
      requireExtracted(folder.name(), DurableFiles.isFolder(path));
    }
    for (Link link : manifest.links()) {
      Path path = places.of(link.name());
      requireExtracted(
          link.name(),
          Files.isSymbolicLink(path)
              && Files.readSymbolicLink(path).toString().equals(link.target()));
    }
  }

  private void requireExtracted(String entryName, boolean asTheManifestSays) {
    if (!asTheManifestSays) {
      throw new OperationFailed(
          "The entry %s is not at %s as the manifest says"
              .formatted(Printable.of(entryName), layout.staged(entryName)),
          "Extract the whole archive there first; nothing was changed");
    }
  }

  private void requireNone(List<String> conflicts) {
    if (!conflicts.isEmpty()) {
      throw new RestoreRefused(
          "The system cannot be restored into " + settings.directory(),
          conflicts,
          "Nothing was changed; stop what uses the databases, clear what stands in the way, then"
              + " restore again");
    }
  }

  private OperationFailed failed(IOException e) {
    return new OperationFailed(
        "The restore into %s failed: %s"
            .formatted(settings.directory(), Printable.reasonWithFile(e)),
        "What was there is there; check the space and the permissions, then restore again",
        e);
  }

  @Override
  public void close() {
    RestoreLock held = lock;
    if (held == null) {
      return;
    }
    lock = null;
    try (held) {
      // What others have left, and what has a journal, is for the next restore to deal with.
      if (begun && !DurableFiles.exists(work.journal())) {
        folders.clear(disk);
      }
    } catch (IOException e) {
      throw failed(e);
    } finally {
      work.removeIfEmpty();
    }
  }
}
