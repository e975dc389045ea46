package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes an archive of a snapshot and publishes it. */
public record TenantPublisher(
    ArchiveCatalog archives,
    Retention retention,
    Verifier verifier,
    TenantLabeler labeler,
    Listeners listeners) {

  /**
   * Publishes a backup, verified, under the lock of the tenant; {@code findings} is told what a
   * person should know of it.
   */
  public RestorePoint backup(
      TenantSnapshot snapshot, Progress progress, Consumer<List<String>> findings) {
    Label wanted = labeler.backup(snapshot.tenant(), snapshot.capturedAt());
    return publish(wanted, snapshot, Purpose.BACKUP, progress, findings)
        .verified(archive -> verifier.verify(archive, progress, findings));
  }

  /**
   * Publishes what a restore takes first, under the lock of the tenant. It was looked at, and that
   * is not recorded: no undo finds it yet.
   */
  RestorePoint safety(TenantSnapshot snapshot, Progress progress) {
    Label wanted = labeler.safety(snapshot.tenant(), snapshot.capturedAt());
    return publish(wanted, snapshot, Purpose.SAFETY, progress, listeners.findingsOf(wanted))
        .verifiedHere(
            archive -> verifier.check(archive, progress, listeners.findingsOf(archive.label())),
            archives::tellOutage);
  }

  private Published publish(
      Label wanted,
      TenantSnapshot snapshot,
      Purpose purpose,
      Progress progress,
      Consumer<List<String>> findings) {
    ArchiveManifest manifest =
        manifest(snapshot, purpose)
            .numbered(archives.nextSequence(ArchiveOwner.tenant(snapshot.tenant())))
            .telling(snapshot.ownership());
    // Beside the extracted rows there is room in scratch space, which goes with them.
    Path copies = snapshot.database().resolveSibling("live-" + purpose);
    LiveContents contents = new LiveContents(manifest, contents(snapshot), copies);
    Published published = contents.publish(archives, retention, wanted, progress);
    if (!contents.findings().isEmpty()) {
      findings.accept(contents.findings());
    }
    return published;
  }

  private static ArchiveManifest manifest(TenantSnapshot snapshot, Purpose purpose) {
    List<ArchiveManifest.Entry> entries = new ArrayList<>();
    entries.add(databaseEntry(snapshot.database()));
    snapshot
        .files()
        .forEach(
            file ->
                entries.add(
                    new ArchiveManifest.Entry(file.entryName(), file.size(), file.sha256())));
    return new ArchiveManifest(
        ArchiveManifest.Kind.TENANT,
        purpose,
        Optional.of(snapshot.tenant()),
        snapshot.capturedAt(),
        snapshot.origin(),
        LibraryVersion.VALUE,
        snapshot.tables(),
        entries,
        snapshot.missing());
  }

  private static ArchiveManifest.Entry databaseEntry(Path database) {
    try (InputStream in = Files.newInputStream(database)) {
      Sha256.Content content = Sha256.of(in);
      return new ArchiveManifest.Entry(
          ArchiveManifest.TENANT_DATABASE, content.size(), content.sha256());
    } catch (IOException e) {
      throw new OperationFailed(
          "The extracted database " + database + " could not be read: " + Printable.reason(e),
          "Check the disk that holds the scratch folder",
          e);
    }
  }

  private static EntryContents contents(TenantSnapshot snapshot) {
    Map<String, Path> paths = new HashMap<>();
    snapshot.files().forEach(file -> paths.put(file.entryName(), file.path()));
    return name -> {
      if (name.equals(ArchiveManifest.TENANT_DATABASE)) {
        return LiveFiles.open(snapshot.database());
      }
      Path path = paths.get(name);
      if (path == null) {
        throw new IllegalArgumentException("There is no entry " + name);
      }
      // A link that took the place of the file or of a folder since it was looked at is not
      // followed.
      return HeldFolder.openFile(path);
    };
  }
}
