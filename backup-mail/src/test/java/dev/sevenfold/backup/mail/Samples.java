package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.link.LinkedArchives;
import dev.sevenfold.backup.memory.InMemoryLinkStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.FileChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What a host would hear of, and who would read of it. */
final class Samples {

  static final Instant NOW = Instant.parse("2026-11-24T01:02:30Z");
  static final Instant CAPTURED = Instant.parse("2026-11-24T01:01:00Z");
  static final TenantId ACME = TenantId.of(42);
  static final Locale DANISH = Locale.forLanguageTag("da-DK");
  static final ZoneId COPENHAGEN = ZoneId.of("Europe/Copenhagen");
  static final ArchiveDigest DIGEST = new ArchiveDigest("ab".repeat(32));
  static final Label LABEL = Label.parse("tenant_42_20261124010100");

  static final OwnershipCheck.Figure LOST =
      new OwnershipCheck.Figure(
          CAPTURED,
          1_025_100,
          List.of(
              new OwnershipCheck.Wrong("notes", 4, 0),
              new OwnershipCheck.Wrong("referrals", 0, 1),
              new OwnershipCheck.Wrong("users", 1, 0)));

  private Samples() {}

  static Recipient recipient(String address, Locale locale) {
    return new Recipient(new MailAddress(address, "Søren Ø"), locale, COPENHAGEN);
  }

  static BackupReport backup(TenantId tenant, List<String> warnings) {
    return backup(tenant, warnings, Optional.empty());
  }

  static BackupReport backup(
      TenantId tenant, List<String> warnings, Optional<OwnershipCheck.Figure> ownership) {
    return new BackupReport(
        new RestorePoint(
            LABEL,
            ArchiveOwner.tenant(tenant),
            CAPTURED,
            12_345_678,
            true,
            false,
            Optional.empty(),
            DIGEST,
            Lack.NOTHING,
            OptionalLong.empty()),
        18_204,
        312,
        warnings,
        List.of(),
        Duration.ofSeconds(90),
        Optional.empty(),
        ownership);
  }

  static RestoreReport restore() {
    return new RestoreReport(
        ACME,
        CAPTURED,
        new RestorePlan(
            ACME,
            List.of(
                new TableChange("orders", 12, 3, 1, 4_000, List.of()),
                new TableChange("users", 0, 1, 0, 25, List.of())),
            FileChange.NONE,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            RestoreOptions.DEFAULT,
            Optional.empty(),
            Optional.empty()),
        Optional.of(
            new RestorePoint(
                Label.parse("safety_42_20261124080000"),
                ArchiveOwner.tenant(ACME),
                NOW,
                9_000,
                true,
                false,
                Optional.empty(),
                DIGEST,
                Lack.NOTHING,
                OptionalLong.empty())),
        Duration.ofSeconds(5));
  }

  static BackupStatus overdue(TenantId tenant, boolean everProven) {
    return new BackupStatus(
        Optional.of(tenant),
        BackupStatus.State.OVERDUE,
        everProven
            ? Optional.of(new BackupStatus.Verified(LABEL, CAPTURED.minus(Duration.ofDays(2))))
            : Optional.empty(),
        Optional.empty(),
        Optional.of(CAPTURED.minus(Duration.ofHours(26))),
        Optional.empty(),
        7,
        1_000);
  }

  /** Archives of one tenant, or of nobody. */
  static MailLinks links(Clock clock, boolean there) {
    LinkedArchives archives =
        new LinkedArchives() {
          @Override
          public Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which) {
            return there
                ? Optional.of(
                    new LinkedArchive(LABEL, tenant, DIGEST, CAPTURED, 1, Compression.GZIP))
                : Optional.empty();
          }

          @Override
          public InputStream open(LinkedArchive archive, long offset) {
            throw new ArchiveNotFound("Nobody downloads here", "Do not try");
          }

          @Override
          public Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt) {
            return Optional.empty();
          }
        };
    return new MailLinks(
        DownloadLinks.builder(archives, LinkKeys.of(new byte[32]), new InMemoryLinkStore())
            .clock(clock)
            .build(),
        URI.create("https://app.example/backups/"));
  }
}
