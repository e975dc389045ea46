package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * What happened, as items of the outbox, and what those say. The words are found when the mail is
 * written, and so is the link: it works for as long as the mail says, however late it was sent.
 * Thread-safe.
 */
final class Notices {

  /** For the tenant. */
  static final String BACKUP = "backup";

  static final String RESTORE = "restore";

  /** For the operator, in one mail. */
  static final String FAILED_BACKUP = "failed-backup";

  static final String FAILED_RESTORE = "failed-restore";
  static final String OVERDUE = "overdue";
  static final String RECOVERED = "recovered";
  static final String UNDELIVERABLE = "undeliverable";
  static final String LOST_ROWS = "lost-rows";

  private static final int MOST_WARNINGS = 5;
  private static final int LONGEST_TEXT = 1_000;

  private final Clock clock;
  private final Duration grouping;
  private final AtomicLong count = new AtomicLong();

  Notices(Clock clock, Duration grouping) {
    this.clock = clock;
    this.grouping = grouping;
  }

  static boolean isForTenant(OutboxItem item) {
    return item.kind().equals(BACKUP) || item.kind().equals(RESTORE);
  }

  static boolean isForOperator(OutboxItem item) {
    return switch (item.kind()) {
      case FAILED_BACKUP, FAILED_RESTORE, OVERDUE, RECOVERED, UNDELIVERABLE, LOST_ROWS -> true;
      default -> false;
    };
  }

  OutboxItem of(BackupReport report) {
    Map<String, String> fields = new HashMap<>();
    fields.put("tenant", report.tenant().value());
    fields.put("label", report.restorePoint().label().value());
    fields.put("digest", report.restorePoint().digest().hex());
    fields.put("capturedAt", report.restorePoint().capturedAt().toString());
    fields.put("size", Long.toString(report.restorePoint().sizeBytes()));
    fields.put("rows", Long.toString(report.rows()));
    fields.put("files", Long.toString(report.files()));
    fields.put("warnings", Integer.toString(report.warnings().size()));
    List<String> warnings = report.warnings();
    for (int i = 0; i < Math.min(MOST_WARNINGS, warnings.size()); i++) {
      fields.put("warning" + i, shown(warnings.get(i)));
    }
    return item(BACKUP, Duration.ZERO, fields);
  }

  OutboxItem of(RestoreReport report) {
    Map<String, String> fields = new HashMap<>();
    fields.put("tenant", report.tenant().value());
    fields.put("restoredTo", report.restoredTo().toString());
    report.safety().ifPresent(safety -> fields.put("safety", safety.label().value()));
    fields.put("inserted", sum(report, TableChange::inserted));
    fields.put("updated", sum(report, TableChange::updated));
    fields.put("deleted", sum(report, TableChange::deleted));
    fields.put("unchanged", sum(report, TableChange::unchanged));
    return item(RESTORE, Duration.ZERO, fields);
  }

  private static String sum(RestoreReport report, ToLongFunction<TableChange> count) {
    return Long.toString(report.plan().tables().stream().mapToLong(count).sum());
  }

  /** A failure; of the whole system if there is no tenant. */
  OutboxItem failed(String kind, Optional<TenantId> tenant, BackupException failure) {
    Map<String, String> fields = new HashMap<>();
    tenant.ifPresent(id -> fields.put("tenant", id.value()));
    fields.put("what", shown(failure.what()));
    fields.put("advice", shown(failure.advice()));
    return item(kind, grouping, fields);
  }

  OutboxItem overdue(BackupStatus status) {
    Map<String, String> fields = new HashMap<>();
    status.tenant().ifPresent(id -> fields.put("tenant", id.value()));
    fields.put("since", status.dueSince().orElseGet(clock::instant).toString());
    status.lastVerified().ifPresent(last -> fields.put("lastProven", last.capturedAt().toString()));
    return item(OVERDUE, grouping, fields);
  }

  OutboxItem lostRows(OwnershipCheck.Figure figure) {
    return item(LOST_ROWS, grouping, Map.of("what", shown(figure.toString())));
  }

  OutboxItem recovered(String what) {
    return item(RECOVERED, grouping, Map.of("what", shown(what)));
  }

  OutboxItem undeliverable(String tenant, String why) {
    return item(UNDELIVERABLE, grouping, Map.of("tenant", tenant, "what", shown(why)));
  }

  private OutboxItem item(String kind, Duration wait, Map<String, String> fields) {
    Instant now = clock.instant();
    // Of one instant, the first to be heard comes first.
    String id = "%09d-%s".formatted(count.incrementAndGet(), UUID.randomUUID());
    return new OutboxItem(id, kind, now, now.plus(wait), 0, fields);
  }

  /** What came from elsewhere, on one line and not too long. */
  private static String shown(String text) {
    String line = OneLine.of(text);
    return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
  }

  static Optional<TenantId> tenant(OutboxItem item) {
    return Optional.ofNullable(item.fields().get("tenant")).map(TenantId::of);
  }

  static ArchiveDigest digest(OutboxItem item) {
    return new ArchiveDigest(item.field("digest"));
  }

  static Instant instant(OutboxItem item, String field) {
    return Instant.parse(item.field(field));
  }

  static long number(OutboxItem item, String field) {
    return Long.parseLong(item.field(field));
  }
}
