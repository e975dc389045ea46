package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.StoredArchive;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Brings an archive back into the store that a tenant kept elsewhere. It is believed if it is
 * signed, or if the store has, or had, a record of it; anybody may have made another one, or have
 * changed it.
 */
public record ArchiveImport(
    ArchiveCatalog archives,
    Verifier verifier,
    TenantLabeler labeler,
    Clock clock,
    Path scratch,
    Listeners listeners) {

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  /** Where the bytes of an archive come from. */
  @FunctionalInterface
  private interface Incoming {
    /** Writes them to a file that is not there yet. */
    void copyTo(Path file) throws IOException;
  }

  /**
   * Makes the file a restore point of the tenant, labelled by today's date and pinned.
   *
   * @param acceptUnsigned whether to take in what nobody here knows, as untrusted
   */
  public RestorePoint file(TenantId tenant, Path file, boolean acceptUnsigned) {
    try {
      // A copy of our own: what is verified is what is published, whoever writes to the file.
      return run(
          tenant,
          copy -> Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES),
          acceptUnsigned);
    } catch (IOException e) {
      throw Verifier.unreadable(file, e);
    }
  }

  /**
   * As {@link #file}, of what comes in, which is read to its end, or until it is larger than that.
   *
   * @param largest how many bytes the archive may have
   */
  public RestorePoint upload(
      TenantId tenant, InputStream in, long largest, boolean acceptUnsigned) {
    try {
      return run(tenant, copy -> receive(in, copy, largest), acceptUnsigned);
    } catch (IOException e) {
      throw new OperationFailed(
          "The upload for tenant %s could not be taken in: %s"
              .formatted(tenant, Printable.reason(e)),
          "Nothing was published; send it again, and check the room of the scratch folder "
              + scratch,
          e);
    }
  }

  private static void receive(InputStream in, Path copy, long largest) throws IOException {
    BoundedInputStream bounded =
        BoundedInputStream.builder()
            .setInputStream(in)
            .setMaxCount(largest)
            .setPropagateClose(false)
            .get();
    Files.copy(bounded, copy);
    if (bounded.getCount() == largest && in.read() >= 0) {
      throw new RestoreRefused(
          "The upload is larger than the %s bytes that an archive may have here".formatted(largest),
          List.of(),
          "Nothing was published; if it is an archive, allow for as many bytes as it has");
    }
  }

  private RestorePoint run(TenantId tenant, Incoming incoming, boolean acceptUnsigned)
      throws IOException {
    Progress progress = listeners.progressOf(tenant);
    try (Scratch folder = Scratch.in(scratch)) {
      Path copy = folder.newFolder("file").resolve("archive");
      incoming.copyTo(copy);
      Path contents = folder.newFolder("archive");
      ArchiveHead head = read(copy, contents, progress);
      StagedTenant staged = Verifier.tenant(contents, head.manifest());
      requireOf(tenant, staged);
      boolean known = isKnown(tenant, head, acceptUnsigned);
      // Not before: what a stranger's archive computes is looked at by consent alone.
      verifier.verified(staged, progress);
      Label label = label(tenant, clock.instant());
      // Its place among the tenant's. The number in its manifest is of where it was made.
      ArchiveRecord record =
          ArchiveRecord.of(head)
              .withPinned(true)
              .withTrusted(known)
              .withSequence(archives.nextSequence(ArchiveOwner.tenant(tenant)));
      return archives
          .publish(label, record, out -> Files.copy(copy, out))
          .verified(kept -> verifier.verify(kept, progress, listeners.findingsOf(kept.label())));
    }
  }

  private ArchiveHead read(Path file, Path folder, Progress progress) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return archives.extract(in, folder, progress);
    }
  }

  private static void requireOf(TenantId tenant, StagedTenant staged) {
    TenantId archived = staged.manifest().tenant().orElseThrow();
    if (!archived.equals(tenant)) {
      throw new RestoreRefused(
          "The file is an archive of tenant " + archived + ", not of tenant " + tenant,
          List.of(),
          "Ask tenant " + tenant + " for a file of its own");
    }
  }

  /** Whether the archive is one of ours; with consent it need not be. */
  private boolean isKnown(TenantId tenant, ArchiveHead head, boolean acceptUnsigned) {
    if (head.signed()) {
      return true;
    }
    ArchiveOwner owner = ArchiveOwner.tenant(tenant);
    Optional<Boolean> known;
    try {
      known = onRecord(owner, head.digest());
    } catch (StoreUnavailable e) {
      if (!acceptUnsigned) {
        throw e;
      }
      known = Optional.empty(); // by consent it is taken in whatever a replica knows
    }
    if (known.isEmpty() && !acceptUnsigned) {
      throw new RestoreRefused(
          "The archive with the digest %s is not signed by a key of this host, and the store has no record of it, nor had: it may have been changed, or made by anybody"
              .formatted(head.digest()),
          List.of(),
          "Ask for the file as it was downloaded. If you know where it comes from, and trust whoever"
              + " had it since, take it in unsigned, by consent; what it says of other tenants is not"
              + " believed then");
    }
    return known.orElse(false);
  }

  /**
   * Whether the store has, or had, a record of the archive; and if so, whether it is trusted. What
   * was taken in by consent is not trusted more when it comes a second time.
   */
  private Optional<Boolean> onRecord(ArchiveOwner owner, ArchiveDigest digest) {
    Set<Label> labels =
        archives.find(owner, ArchiveCatalog.Needed.ANY, any -> true).points().stream()
            .filter(point -> point.digest().equals(digest))
            .map(RestorePoint::label)
            .collect(Collectors.toSet());
    List<StoredArchive> same =
        archives.stored(owner, ArchiveCatalog.Needed.ANY).stream()
            .filter(archive -> labels.contains(archive.label()))
            .toList();
    if (same.stream().anyMatch(archive -> !archive.untrusted())
        || archives.store().remembers(owner, digest)) {
      return Optional.of(true);
    }
    return same.isEmpty() ? Optional.empty() : Optional.of(false);
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
}
