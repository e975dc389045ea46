package dev.sevenfold.backup.report;

import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How well everything was backed up when {@code BackupHealth} looked. Immutable.
 *
 * @param checkedAt when that was
 * @param system the whole system; empty if the service backs up none
 * @param tenants every tenant that there is, in the order of their keys
 * @param silentReplicas replicas of a mirror, and folders of owners, that did not answer, by name:
 *     what only they have is not in this report
 * @param drillFailure why the scheduler's last drill failed; empty if it did not, or there was none
 * @param ownership whose the rows of the whole database were when that was counted last; empty if
 *     it never was, or nothing is known of tenants
 */
public record HealthReport(
    Instant checkedAt,
    Optional<BackupStatus> system,
    List<BackupStatus> tenants,
    List<String> silentReplicas,
    Optional<BackupStatus.Failure> drillFailure,
    Optional<OwnershipCheck.Figure> ownership) {

  /** Requires all parts and copies the lists. */
  public HealthReport {
    Objects.requireNonNull(checkedAt, "checkedAt");
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(drillFailure, "drillFailure");
    Objects.requireNonNull(ownership, "ownership");
    tenants = List.copyOf(tenants);
    silentReplicas = List.copyOf(silentReplicas);
  }

  /** The system, if it is backed up, and every tenant. */
  public Stream<BackupStatus> all() {
    return Stream.concat(system.stream(), tenants.stream());
  }

  /** Those that are in this state. */
  public List<BackupStatus> in(State state) {
    return all().filter(status -> status.state() == state).toList();
  }

  /** The worst state of all; healthy if there is nothing to back up. */
  public State worst() {
    return all().map(BackupStatus::state).max(Comparator.naturalOrder()).orElse(State.HEALTHY);
  }

  /** Rows that are in no archive, or stop backups, in one sentence; empty if none are known of. */
  public Optional<String> lostRows() {
    return ownership.filter(figure -> !figure.isComplete()).map(OwnershipCheck.Figure::toString);
  }

  /** What all their archives take up in the store. */
  public long storageBytes() {
    return all().mapToLong(BackupStatus::storageBytes).sum();
  }
}
