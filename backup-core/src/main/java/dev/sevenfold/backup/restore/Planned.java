package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.files.KeptFiles;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.journal.FileStamps;
import dev.sevenfold.backup.journal.RestoreCommit;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.AnnouncedRestore;
import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import dev.sevenfold.backup.stage.WrittenRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A restore that is worked out, to the last row and file. Immutable; where the tenant's people go
 * on writing, another one is made.
 *
 * @param number which look at the tenant it comes from
 * @param found the tenant's files as they are
 * @param files what becomes of them
 * @param stamps what they looked like
 * @param plan the same for people
 */
record Planned(
    Prepared prepared,
    int number,
    RowPlan rows,
    TenantFiles.Found found,
    FilePlan files,
    FileStamps stamps,
    RestorePlan plan)
    implements PlannedRestore {

  @Override
  public Path archived() {
    return prepared.stageFile(number);
  }

  @Override
  public PlanDigest digest() {
    return SqliteErrors.orUnavailable(
        "Reading the plan of the restore of tenant " + prepared.target(),
        () -> {
          try (Session session = prepared.engine().open()) {
            prepared.attach(session, number);
            return new PlanContent(session, this).digest();
          }
        });
  }

  private void requireExpected(PlanDigest now) {
    Optional<PlanDigest> shown = prepared.options().exactly();
    if (shown.isPresent() && !shown.get().equals(now)) {
      throw new RestoreRefused(
          "Tenant " + prepared.target() + " would not be restored as it was shown",
          new PlanDifference(plan, shown.get(), now).lines(),
          "Nothing was changed; look at what would be done now, and decide again");
    }
  }

  @Override
  public AnnouncedRestore announce() {
    requireExecutable();
    TenantSnapshot before = before(found);
    return new Announced(
        this,
        before,
        RestoreCommit.announce(prepared.engine(), prepared.target(), before.capturedAt()));
  }

  @Override
  public void requireExecutable() {
    requireNoConflict();
    if (prepared.options().exactly().isPresent()) {
      requireExpected(digest());
    }
  }

  /** As {@link #requireExecutable()}, of a plan that this session alone can read. */
  void requireExecutable(Session session) throws SQLException {
    requireNoConflict();
    if (prepared.options().exactly().isPresent()) {
      requireExpected(new PlanContent(session, this).digest());
    }
  }

  private void requireNoConflict() {
    if (!plan.conflicts().isEmpty()) {
      throw refused();
    }
  }

  RestoreRefused refused() {
    boolean newIdsHelp = rows.hasTakenValues() && !prepared.mayRemap();
    return new RestoreRefused(
        "Tenant " + prepared.target() + " cannot be restored",
        plan.conflicts(),
        "Nothing was changed; clear what stands in the way, then try again"
            + (newIdsHelp ? "; where ids are taken, restore with new ids" : ""));
  }

  /** The tenant as it was when the plan was made, with its files where they are now. */
  TenantSnapshot before(TenantFiles.Found files) {
    Path file = prepared.beforeFile(number);
    return SqliteErrors.orUnavailable(
        "Reading the copy of tenant " + prepared.target(),
        () ->
            SnapshotTaker.describe(
                prepared.engine(), rows.copied(), file, files.and(written()), Progress.none()));
  }

  private List<AttachedFile> written() throws SQLException {
    if (prepared.options().part().isWhole()) {
      return List.of();
    }
    try (Session session = prepared.engine().open()) {
      prepared.attach(session, number);
      return written(session);
    }
  }

  /** What the restore of a part writes: its safety archive keeps it for an undo. */
  List<AttachedFile> written(Session session) throws SQLException {
    if (prepared.options().part().isWhole()) {
      return List.of();
    }
    Path file = prepared.scratch().resolve("written-" + number + ".txt");
    WrittenRows.write(session, rows.diffs(), files.written(), file);
    try (InputStream in = Files.newInputStream(file)) {
      Sha256.Content content = Sha256.of(in);
      Path real = DurableFiles.real(file);
      return List.of(new AttachedFile(WrittenRows.ENTRY, real, content.size(), content.sha256()));
    } catch (IOException e) {
      throw new OperationFailed(
          "What a restore writes could not be read in " + file + ": " + Printable.reason(e),
          "Check the disk that holds the scratch folder; nothing was changed",
          e);
    }
  }

  /**
   * The tenant's files, kept for a safety archive that is published when the restore is committed;
   * empty if they are not any more what was planned for.
   */
  Optional<TenantFiles.Found> kept() {
    Path folder = prepared.scratch().resolve("files-" + number);
    return KeptFiles.keep(found, files, prepared.archive(), folder);
  }
}
