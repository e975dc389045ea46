package dev.sevenfold.backup.tenant;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Names archives. {@code TenantLabeler.utc().backup(TenantId.of(42), capturedAt)} is {@code
 * tenant_42_20261122010100}. Immutable.
 *
 * <p>Two archives of one second get the same label from here; whoever publishes asks for the {@link
 * Label#next() next} one until the store takes it.
 *
 * <p>All methods throw {@link IllegalArgumentException} if the tenant's id is too long for a file
 * name or is not valid Unicode, or if the year has not four digits.
 */
public final class TenantLabeler {

  private final ZoneId zone;

  private TenantLabeler(ZoneId zone) {
    this.zone = Objects.requireNonNull(zone, "zone");
  }

  /** A labeler whose dates and times are in UTC. The default. */
  public static TenantLabeler utc() {
    return new TenantLabeler(ZoneOffset.UTC);
  }

  /** A labeler whose dates and times are those of a wall clock in {@code zone}. */
  public static TenantLabeler in(ZoneId zone) {
    return new TenantLabeler(zone);
  }

  /** The label of a backup of {@code tenant} captured at {@code capturedAt}. */
  public Label backup(TenantId tenant, Instant capturedAt) {
    return Label.of(
        Label.Kind.TENANT, Objects.requireNonNull(tenant, "tenant"), second(capturedAt));
  }

  /** The label of the backup that a restore of {@code tenant} takes first. */
  public Label safety(TenantId tenant, Instant capturedAt) {
    return Label.of(
        Label.Kind.SAFETY, Objects.requireNonNull(tenant, "tenant"), second(capturedAt));
  }

  /** The label of an archive that {@code tenant} sent back and that is imported {@code now}. */
  public Label relabel(TenantId tenant, Instant now) {
    return Label.of(
        Label.Kind.TENANT, Objects.requireNonNull(tenant, "tenant"), LabelStamp.day(now, zone));
  }

  /** The label of a backup of the whole system captured at {@code capturedAt}. */
  public Label system(Instant capturedAt) {
    return Label.of(Label.Kind.SYSTEM, null, second(capturedAt));
  }

  private String second(Instant instant) {
    return LabelStamp.second(instant, zone);
  }
}
