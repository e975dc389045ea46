package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers every event that a service tells, as one line each: {@code backupStarted 42}. Progress
 * is left out of the lines and only counted. Thread-safe.
 */
public final class RecordingListener implements BackupListener {

  private final List<String> events = new ArrayList<>();
  private long steps;

  /** Has heard nothing yet. */
  public RecordingListener() {}

  /** What was heard so far, in order. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** How often progress was told. */
  public synchronized long steps() {
    return steps;
  }

  /** Forgets everything. */
  public synchronized void clear() {
    events.clear();
    steps = 0;
  }

  private synchronized void add(String event) {
    events.add(event);
  }

  @Override
  public void backupStarted(TenantId tenant) {
    add("backupStarted " + tenant);
  }

  @Override
  public synchronized void progressed(
      TenantId tenant, String step, Progress.Unit unit, long done, long total) {
    steps++;
  }

  @Override
  public void backupCompleted(BackupReport report) {
    add("backupCompleted " + report.restorePoint().label());
  }

  @Override
  public void backupFailed(TenantId tenant, BackupException failure) {
    add("backupFailed " + tenant + " " + failure.getClass().getSimpleName());
  }

  @Override
  public void restoreStarted(TenantId tenant) {
    add("restoreStarted " + tenant);
  }

  @Override
  public void restoreCompleted(RestoreReport report) {
    add("restoreCompleted " + report.tenant());
  }

  @Override
  public void restoreFailed(TenantId tenant, BackupException failure) {
    add("restoreFailed " + tenant + " " + failure.getClass().getSimpleName());
  }

  @Override
  public void recovered(String what) {
    add("recovered " + what);
  }

  @Override
  public synchronized void systemProgressed(
      String step, Progress.Unit unit, long done, long total) {
    steps++;
  }

  @Override
  public void systemBackupCompleted(SystemBackupReport report) {
    add("systemBackupCompleted " + report.point().label());
  }

  @Override
  public void systemBackupFailed(BackupException failure) {
    add("systemBackupFailed " + failure.getClass().getSimpleName());
  }

  @Override
  public void backupOverdue(BackupStatus status) {
    add("backupOverdue " + status.tenant().map(TenantId::value).orElse("system"));
  }

  @Override
  public void drillFailed(Label label, BackupException failure) {
    add("drillFailed " + label + " " + failure.getClass().getSimpleName());
  }
}
