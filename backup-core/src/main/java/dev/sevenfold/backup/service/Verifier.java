package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Verifies archives: reads them back from the store, has what is in them looked at, and tries in
 * scratch space what a restore of a tenant would do. What is damaged is recorded as that; of what
 * could not be looked at nothing is known, and nothing is recorded. Thread-safe.
 */
public record Verifier(
    ArchiveCatalog archives,
    ArchiveVerifier contents,
    Rehearsal rehearsal,
    Path scratch,
    Clock clock) {

  /** Tries in scratch space what a restore would do before it looks at any row of today. */
  @FunctionalInterface
  public interface Rehearsal {
    /** Why a restore would be refused, one sentence each; empty if nothing is known of. */
    List<String> rehearse(StagedTenant staged, Path scratch, Progress progress);
  }

  /**
   * Verifies one archive and records that.
   *
   * @param findings is told what a person should know, such as why a restore would be refused today
   * @throws ArchiveCorrupt if it is not what it says; that is recorded then
   */
  public RestorePoint verify(
      StoredArchive archive, Progress progress, Consumer<List<String>> findings) {
    return verify(archive, true, progress, findings);
  }

  /**
   * As the one above, or of a store that may be read-only by now: then what was found out is told
   * all the same, and that it could not be recorded is a finding.
   */
  public RestorePoint verify(
      StoredArchive archive,
      boolean onlyIfRecorded,
      Progress progress,
      Consumer<List<String>> findings) {
    RestorePoint checked = check(archive, progress, findings);
    try {
      return recordVerified(checked);
    } catch (StoreUnavailable | OperationFailed e) {
      if (onlyIfRecorded) {
        throw e;
      }
      findings.accept(List.of("It is verified, and that could not be recorded: " + e.what()));
      return checked.asVerified();
    }
  }

  /**
   * Verifies one archive, and leaves it to the caller to {@link #recordVerified record} it.
   *
   * @throws ArchiveCorrupt if it is not what it says; that is recorded
   */
  RestorePoint check(StoredArchive archive, Progress progress, Consumer<List<String>> findings) {
    return requireKnown(
        archive.label(),
        () -> {
          try {
            return look(archive, progress, findings);
          } catch (ArchiveCorrupt e) {
            archives.recordDamaged(archive.label(), e);
            throw e;
          }
        });
  }

  private RestorePoint look(
      StoredArchive archive, Progress progress, Consumer<List<String>> findings) {
    boolean read = false;
    try (Scratch folder = Scratch.in(scratch)) {
      Staged staged = archives.stage(archive, folder.newFolder("archive"), progress);
      read = true;
      return look(staged, folder, progress, findings);
    } catch (OperationFailed | SourceUnavailable e) {
      if (!read) {
        readThrough(e, () -> readThrough(archive, progress));
      }
      throw unproven("it", e);
    }
  }

  private RestorePoint look(
      Staged staged, Scratch folder, Progress progress, Consumer<List<String>> findings) {
    List<String> found = new ArrayList<>();
    if (staged.point().tenant().isPresent()) {
      StagedTenant tenant = tenant(staged.folder(), staged.manifest());
      found.addAll(contents.verify(tenant, progress).require().findings());
      found.addAll(rehearsal.rehearse(tenant, folder.newFolder("rehearsal"), progress));
    } else {
      StagedSystem system = new StagedSystem(staged.folder(), staged.manifest());
      found.addAll(contents.verify(system, progress).require().findings());
    }
    if (!found.isEmpty()) {
      findings.accept(found);
    }
    return staged.point();
  }

  /** Records an archive that was just looked at. */
  RestorePoint recordVerified(RestorePoint checked) {
    return archives.recordVerified(checked, clock.instant());
  }

  /** Reads an archive of a tenant, and verifies it, into an empty folder. */
  public StagedTenant stageTenant(Label label, Path folder, Progress progress) {
    if (label.tenant().isEmpty()) {
      throw notOfTenant();
    }
    StoredArchive archive = archives.store().stat(label);
    Staged staged = archives.stage(archive, folder, progress);
    StagedTenant tenant = tenant(staged.folder(), staged.manifest());
    if (isOutside(archive)) {
      List<ListedReference> known = listedToOthers(ArchiveOwner.of(label));
      tenant = new StagedTenant(tenant.folder(), tenant.manifest(), true, known);
    }
    return verified(tenant, progress);
  }

  /**
   * The references to other owners' rows that those of an owner's archives list which were made
   * here. What cannot be read lists none.
   */
  private List<ListedReference> listedToOthers(ArchiveOwner owner) {
    ArchiveStore store = archives.store();
    return ListedReference.union(
        archives.stored(owner, ArchiveCatalog.Needed.ANY).stream()
            .filter(archive -> !isOutside(archive))
            .flatMap(
                a -> Found.attempt(a.label(), store, () -> archives.manifest(a), e -> {}).stream())
            .flatMap(manifest -> manifest.tables().stream())
            .flatMap(table -> table.toOthers().orElse(List.of()).stream()));
  }

  private boolean isOutside(StoredArchive archive) {
    return archive.untrusted() && !archives.reader().requiresSignature();
  }

  /** Looks at what an archive of a tenant holds, which was read already. */
  StagedTenant verified(StagedTenant staged, Progress progress) {
    contents.verify(staged, progress).require();
    return staged;
  }

  /** An archive that was read, which must be a tenant's. */
  static StagedTenant tenant(Path folder, ArchiveManifest manifest) {
    if (manifest.kind() != ArchiveManifest.Kind.TENANT) {
      throw notOfTenant();
    }
    return new StagedTenant(folder, manifest);
  }

  private static ArchiveCorrupt notOfTenant() {
    return new ArchiveCorrupt(
        "This is an archive of the whole system, not of one tenant",
        "Extract the tenant from it first");
  }

  /** Reads a backup of the system into empty folders, every byte as its manifest says. */
  public StagedSystem stageSystem(StoredArchive archive, EntryPlaces places, Progress progress) {
    requireOfSystem(archive.label());
    return new StagedSystem(places, archives.stage(archive, places, progress).manifest());
  }

  /** Requires the label of a backup of the system. */
  public static void requireOfSystem(Label label) {
    if (label.kind() != Label.Kind.SYSTEM) {
      throw new ArchiveCorrupt(
          "The archive labelled " + label + " is not of a system",
          "Name a label that begins with system_");
    }
  }

  /** Verifies a file that is in no store, and says what it holds. */
  public VerifiedFile verify(Path file, Progress progress) {
    return verify(file, archives.reader(), contents, scratch, progress);
  }

  /** As the one above, for whoever has nothing but the file. */
  public static VerifiedFile verify(
      Path file, ArchiveReader reader, ArchiveVerifier contents, Path scratch, Progress progress) {
    boolean read = false;
    try (Scratch work = Scratch.in(scratch);
        InputStream in = Files.newInputStream(file)) {
      Path folder = work.newFolder("archive");
      ArchiveManifest manifest =
          reader
              .extract(in, folder, done -> progress.report("read", Progress.Unit.BYTES, done, 0))
              .manifest();
      read = true;
      return verified(folder, manifest, contents, progress);
    } catch (OperationFailed | SourceUnavailable e) {
      if (!read) {
        readThrough(e, () -> readThrough(file, reader, progress));
      }
      throw unproven("The file " + file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static VerifiedFile verified(
      Path folder, ArchiveManifest manifest, ArchiveVerifier contents, Progress progress) {
    if (manifest.tenant().isPresent()) {
      contents.verify(new StagedTenant(folder, manifest), progress).require();
      return new VerifiedFile(
          ArchiveOwner.tenant(manifest.tenant().get()),
          manifest.capturedAt(),
          manifest.rows(),
          Optional.empty());
    }
    SystemProof proof = contents.verify(new StagedSystem(folder, manifest), progress).require();
    return new VerifiedFile(
        ArchiveOwner.system(),
        manifest.capturedAt(),
        proof.databases().stream().mapToLong(SystemProof.Database::rows).sum(),
        Optional.of(proof));
  }

  private void readThrough(StoredArchive archive, Progress progress) {
    try (InputStream in = archives.store().open(archive.label())) {
      ArchiveHead head =
          archives
              .reader()
              .verify(in, done -> progress.report("read", Progress.Unit.BYTES, done, 0));
      ArchiveHeads.point(ArchiveHeads.recorded(archive, head));
    } catch (IOException e) {
      throw ArchiveHeads.unavailable(archive.label(), e);
    }
  }

  private static void readThrough(Path file, ArchiveReader reader, Progress progress) {
    try (InputStream in = Files.newInputStream(file)) {
      reader.verify(in, done -> progress.report("read", Progress.Unit.BYTES, done, 0));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Where there is no scratch space, an archive can still be read: it may be damaged, which is then
   * what there is to say.
   */
  private static void readThrough(BackupException why, Runnable reading) {
    if (Thread.currentThread().isInterrupted()) {
      throw why;
    }
    try {
      reading.run();
    } catch (OperationFailed | SourceUnavailable | StoreUnavailable e) {
      why.addSuppressed(e);
      throw why;
    }
  }

  /** Every byte of the archive was read, and no restore of it could be tried. */
  private static BackupException unproven(String archive, BackupException why) {
    if (Thread.currentThread().isInterrupted()) {
      return why;
    }
    String what =
        archive
            + " is whole, every entry as its manifest says; whether it can be restored is not known: "
            + why.what();
    return why instanceof SourceUnavailable
        ? new SourceUnavailable(what, why.advice(), why)
        : new OperationFailed(what, why.advice(), why);
  }

  static OperationFailed unreadable(Path file, IOException e) {
    return new OperationFailed(
        "The file " + file + " could not be read: " + Printable.reason(e), "Check the path", e);
  }

  /** Runs a verification; what stops it and is not the archive's fault says so. */
  private static <T> T requireKnown(Label label, Supplier<T> verification) {
    try {
      return verification.get();
    } catch (OperationFailed e) {
      throw new OperationFailed(notKnown(label, e.what()), e.advice(), e);
    } catch (SourceUnavailable e) {
      throw new SourceUnavailable(notKnown(label, e.what()), e.advice(), e);
    } catch (StoreUnavailable e) {
      throw new StoreUnavailable(notKnown(label, e.what()), e.advice(), e);
    } catch (ArchiveNotReadable e) {
      throw new ArchiveNotReadable(notKnown(label, e.what()), e.advice(), e);
    } catch (OutOfMemoryError e) {
      throw new OperationFailed(
          notKnown(label, "there is not enough memory: " + e.getMessage()),
          "Give this process more memory, -Xmx with Java, then verify it again",
          e);
    }
  }

  private static String notKnown(Label label, String why) {
    return "The archive " + label + " could not be verified now, and nothing was recorded: " + why;
  }
}
