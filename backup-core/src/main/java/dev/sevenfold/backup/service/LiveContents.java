package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contents that others go on writing to between the moment that a manifest says what they are and
 * the one that they are archived. Of what has grown, as much is archived as there was. What has
 * changed otherwise is taken again, as a copy that nobody else writes to, and the archive is begun
 * anew. Use from one thread.
 */
public final class LiveContents {

  private static final Logger log = LoggerFactory.getLogger(LiveContents.class);

  /** Each makes a copy of all that has changed: only a file that was left alone can fail again. */
  private static final int ATTEMPTS = 5;

  private final EntryContents contents;
  private final Path folder;
  private final Map<String, Path> copies = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private ArchiveManifest manifest;

  /**
   * @param folder where copies are to be made; it need not be there
   */
  public LiveContents(ArchiveManifest manifest, EntryContents contents, Path folder) {
    this.manifest = manifest;
    this.contents = contents;
    this.folder = folder;
  }

  /** What is archived, so far as is known. */
  public ArchiveManifest manifest() {
    return manifest;
  }

  /** What a person should know of what was published: a sentence for each file. */
  public List<String> findings() {
    return List.copyOf(findings);
  }

  /**
   * Publishes it. Where the store has no room, retention goes first, as if this archive was there
   * already, and it is tried once more.
   */
  public Published publish(
      ArchiveCatalog archives, Retention retention, Label wanted, Progress progress) {
    ArchiveOwner owner = ArchiveOwner.of(wanted);
    try {
      Published published = publishLive(archives, wanted, progress);
      // There is no room in another replica: it is made for the one that brings it up to date.
      published
          .shortfall()
          .filter(StoreUnavailable::isFull)
          .ifPresent(e -> makeRoom(retention, owner, e));
      return published;
    } catch (StoreUnavailable e) {
      if (!e.isFull() || !makeRoom(retention, owner, e)) {
        throw e;
      }
      return publishLive(archives, wanted, progress);
    }
  }

  private static boolean makeRoom(Retention retention, ArchiveOwner owner, StoreUnavailable full) {
    try {
      return retention.makeRoom(owner);
    } catch (BackupException e) {
      full.addSuppressed(e);
      return false;
    }
  }

  private Published publishLive(ArchiveCatalog archives, Label wanted, Progress progress) {
    for (int attempt = 1; true; attempt++) {
      long bytes = manifest.bytes();
      Map<String, Long> sizes = new HashMap<>();
      manifest.entries().forEach(entry -> sizes.put(entry.name(), entry.size()));
      try {
        return archives.publish(
            wanted,
            manifest,
            name -> LiveFiles.atMost(sizes.getOrDefault(name, 0L), open(name)),
            done -> progress.report("archive", Progress.Unit.BYTES, done, bytes));
      } catch (OperationFailed e) {
        Interrupts.check("Writing the archive");
        if (attempt == ATTEMPTS || !takeAgain(e)) {
          throw e;
        }
        log.info("{} is begun anew: {}", wanted, e.what());
      }
    }
  }

  private InputStream open(String name) throws IOException {
    Path copy = copies.get(name);
    return copy == null ? contents.open(name) : Files.newInputStream(copy);
  }

  /** Takes again what is not what the manifest says; tells whether there was any. */
  private boolean takeAgain(OperationFailed failure) {
    List<Entry> entries = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    int copiesBefore = copies.size();
    for (Entry entry : manifest.entries()) {
      Interrupts.check("Writing the archive");
      try {
        entries.add(
            copies.containsKey(entry.name()) || isAsBefore(entry) ? entry : copy(entry, failure));
      } catch (NoSuchFileException e) {
        requireNoDatabase(entry, failure);
        gone.add(entry.name());
      } catch (IOException e) {
        throw unreadable(entry, e, failure);
      }
    }
    // A disk that goes away is no file that somebody has deleted.
    if (gone.size() > entries.size()) {
      throw failure;
    }
    gone.forEach(name -> findings.add("Deleted while it was archived, and left out: " + name));
    manifest = manifest.holding(entries, gone);
    return !gone.isEmpty() || copies.size() > copiesBefore;
  }

  private static OperationFailed unreadable(Entry entry, IOException e, OperationFailed before) {
    OperationFailed failed =
        new OperationFailed(
            "The entry %s cannot be read while it is being archived: %s"
                .formatted(entry.name(), Printable.reasonWithFile(e)),
            "Let the user that this process runs as read it, look at the disk below it, then back"
                + " up again",
            e);
    failed.addSuppressed(before);
    return failed;
  }

  private boolean isAsBefore(Entry entry) throws IOException {
    try (InputStream in = LiveFiles.atMost(entry.size(), contents.open(entry.name()))) {
      return Sha256.of(in).equals(new Sha256.Content(entry.size(), entry.sha256()));
    }
  }

  private Entry copy(Entry entry, OperationFailed failure) throws IOException {
    requireNoDatabase(entry, failure);
    Path copy = Files.createDirectories(folder).resolve(Integer.toString(copies.size()));
    Sha256.Content content;
    try (InputStream in = contents.open(entry.name())) {
      content = LiveFiles.copy(in, copy);
    }
    copies.put(entry.name(), copy);
    findings.add("Changed while it was archived, and taken again: " + entry.name());
    return new Entry(
        entry.name(), content.size(), content.sha256(), entry.mode(), entry.modified());
  }

  /** A copy of a database is ours: whatever has changed it, it is not what it was. */
  private void requireNoDatabase(Entry entry, OperationFailed failure) {
    boolean database =
        entry.name().equals(ArchiveManifest.TENANT_DATABASE)
            || manifest.places().stream()
                .filter(place -> place.role() == SystemPlace.Role.DATABASE)
                .anyMatch(place -> place.databaseEntry().equals(entry.name()));
    if (database) {
      throw failure;
    }
  }
}
