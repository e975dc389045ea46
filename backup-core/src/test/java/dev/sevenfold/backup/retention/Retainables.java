package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Archives of tenant 42 to decide on. */
final class Retainables {

  static final TenantId TENANT = TenantId.of(42);

  private Retainables() {}

  static RetainableArchive verified(String capturedAt) {
    return verified(Instant.parse(capturedAt));
  }

  static RetainableArchive verified(Instant capturedAt) {
    return of(TenantLabeler.utc().backup(TENANT, capturedAt), capturedAt, Purpose.BACKUP, true);
  }

  static RetainableArchive unverified(String capturedAt) {
    RetainableArchive a = verified(capturedAt);
    return of(a.label(), a.capturedAt(), a.purpose(), false);
  }

  static RetainableArchive pinned(String capturedAt) {
    return verified(capturedAt).asPinned();
  }

  static RetainableArchive lacking(Lack lack, RetainableArchive a) {
    return new RetainableArchive(
        a.label(),
        a.tenant(),
        a.capturedAt(),
        a.purpose(),
        a.verified(),
        a.pinned(),
        lack,
        a.sequence());
  }

  static RetainableArchive numbered(RetainableArchive a, long sequence) {
    return new RetainableArchive(
        a.label(),
        a.tenant(),
        a.capturedAt(),
        a.purpose(),
        a.verified(),
        a.pinned(),
        a.lack(),
        OptionalLong.of(sequence));
  }

  static RetainableArchive safety(String capturedAt) {
    Instant instant = Instant.parse(capturedAt);
    return of(TenantLabeler.utc().safety(TENANT, instant), instant, Purpose.SAFETY, true);
  }

  static RetainableArchive of(Label label, Instant capturedAt, Purpose purpose, boolean verified) {
    return new RetainableArchive(
        label,
        Optional.of(TENANT),
        capturedAt,
        purpose,
        verified,
        false,
        Lack.NOTHING,
        OptionalLong.empty());
  }
}
