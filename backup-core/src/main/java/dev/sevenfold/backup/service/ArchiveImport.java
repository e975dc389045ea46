package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Brings an archive back into the store that a tenant kept elsewhere. */
public record ArchiveImport(
    ArchiveCatalog archives,
    Verifier verifier,
    TenantLabeler labeler,
    Clock clock,
    Path scratch,
    Listeners listeners) {

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  /** Makes the file a restore point of the tenant, labelled by today's date and pinned. */
  public RestorePoint run(TenantId tenant, Path file) {
    Progress progress = listeners.progressOf(tenant);
    try (Scratch folder = Scratch.in(scratch)) {
      // A copy of our own: what is verified is what is published, whoever writes to the file.
      Path copy = folder.newFolder("file").resolve("archive");
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      requireOf(tenant, copy, folder.newFolder("archive"), progress);
      Label label = label(tenant, clock.instant());
      // Its place among the tenant's. The number in its manifest is of where it was made.
      ArchiveRecord record =
          ArchiveRecord.of(head(copy))
              .withPinned(true)
              .withSequence(archives.nextSequence(ArchiveOwner.tenant(tenant)));
      return archives
          .publish(label, record, out -> Files.copy(copy, out))
          .verified(kept -> verifier.verify(kept, progress, listeners.findingsOf(kept.label())));
    } catch (IOException e) {
      throw Verifier.unreadable(file, e);
    }
  }

  /**
   * A label by date may be used again on the same day, and nobody knows whether a replica that does
   * not answer has it. Then the time of day makes it one of its kind.
   */
  private Label label(TenantId tenant, Instant now) {
    Label byDate = labeler.relabel(tenant, now);
    if (archives.store().list(ArchiveOwner.tenant(tenant)).silent().isEmpty()) {
      return byDate;
    }
    int time = Integer.parseInt(TIME_OF_DAY.format(now));
    return Label.parse(byDate + "-" + Math.max(time, 2));
  }

  private ArchiveHead head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return archives.reader().readHead(in);
    }
  }

  private void requireOf(TenantId tenant, Path file, Path folder, Progress progress)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      TenantId archived =
          verifier.stageTenant(in, folder, progress).manifest().tenant().orElseThrow();
      if (!archived.equals(tenant)) {
        throw new RestoreRefused(
            "The file is an archive of tenant " + archived + ", not of tenant " + tenant,
            List.of(),
            "Ask tenant " + tenant + " for a file of its own");
      }
    }
  }
}
