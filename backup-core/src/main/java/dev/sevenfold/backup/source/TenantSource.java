package dev.sevenfold.backup.source;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A database that tenants share. Takes one tenant out of it, and puts one tenant back into it,
 * while everybody else goes on.
 *
 * <p>What leaves a source and what comes back is engine-neutral: a folder with {@code
 * tenant.sqlite3}, an ordinary SQLite database with the tenant's rows. So a restore does not care
 * whether it was taken out of an archive, out of a copy of the whole system, or made by a log.
 *
 * <p>Thread-safe. Tenants are independent of each other; calls for one tenant are serialised by
 * {@link #lock}.
 */
public interface TenantSource extends ArchiveVerifier.Tenants, AutoCloseable {

  /** Where the rows are, for people: {@code SQLite database /srv/app.sqlite3}. Holds no secret. */
  String describe();

  /**
   * Every tenant that has a row in the root table, in the order of their keys.
   *
   * @throws SourceUnavailable if the database cannot be read
   */
  List<TenantId> tenants();

  /**
   * How many rows of the root table have a key that no id can name: null, or an empty text. They
   * are not among {@link #tenants()}, and cannot be backed up.
   *
   * @throws SourceUnavailable if the database cannot be read
   */
  default long unnamedTenants() {
    return 0;
  }

  /**
   * The one id that a tenant has in {@link #tenants()}, whatever form of it was written down: where
   * keys are blobs, hexadecimal in upper case is taken for what it is in lower case. Locks and
   * archives know a tenant by this id alone. An id without such a form is returned as it is,
   * whether there is a tenant or not.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database cannot be read
   */
  default TenantId canonical(TenantId written) {
    return written;
  }

  /**
   * What to say of a tenant that has no row in the root table, with the ids that are nearest, for
   * whoever operates the database; empty if it has one.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database cannot be read
   */
  default Optional<BackupRefused> missing(TenantId tenant) {
    return tenants().contains(tenant)
        ? Optional.empty()
        : Optional.of(new BackupRefused("There is no tenant " + tenant, List.of(), "Check the id"));
  }

  /**
   * How each table is owned, and through which path, for people to read; below it what the rows say
   * of that: how many values a claim finds, and in which tenant, who names the rows of a shared
   * table. Reads all rows, several times, in one snapshot, and changes nothing; where there are
   * none, as in a test of the host's, it holds the model against the schema alone.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database cannot be read
   */
  String explain(Progress progress);

  /** As {@link #explain(Progress)}, with nobody listening. */
  default String explain() {
    return explain(Progress.none());
  }

  /**
   * Counts whose each row of each owned table is, for all tenants in one pass over each table, in
   * one snapshot. Rows that are nobody's are in no archive.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database cannot be read
   */
  OwnershipCheck check(Progress progress);

  /**
   * Proposes, from schema and rows, what belongs to the model beside what it says: begin with the
   * root alone, paste what comes, and ask again until it is quiet. Reads all rows, in one snapshot,
   * and changes nothing.
   *
   * @param roots folders that files which rows name may be below
   * @throws InvalidTenantModel if the model names what there is not
   * @throws SourceUnavailable if the database cannot be read
   */
  SuggestedModel suggest(List<Path> roots, Progress progress);

  /**
   * What the last {@link #check} found, of whatever process: those that backups make, once for a
   * run over many tenants and else at most once a day, among them. Empty where none is known of.
   * Looks at no row.
   */
  default Optional<OwnershipCheck.Figure> lastCheck() {
    return Optional.empty();
  }

  /**
   * Takes the lock of one tenant, shared with all threads and processes that use this database on
   * this machine. Waits for it as long as for a busy database.
   *
   * @throws SourceUnavailable if another job still has it after that time
   * @throws OperationFailed if a restore of the tenant that was killed cannot be completed or
   *     reverted; the message says what is in the way
   */
  TenantLock lock(TenantId tenant);

  /**
   * This source, for a run over many tenants: what it makes sure of for all of them at once, that
   * looking rows up finds every row, and what it counts of all of them, whose each row is, it does
   * now and not again for each of them. Closed with this one.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database cannot be read
   */
  default TenantSource forRun() {
    return this;
  }

  /**
   * Copies a tenant, as of one instant, into {@code scratch}. All tables are read in one snapshot;
   * writers go on.
   *
   * @param scratch an empty folder of the caller, who deletes it
   * @throws BackupRefused if the tenant does not exist, a table is claimed by nobody, a row leads
   *     to two tenants, or a damaged index gives other rows than the tenant's
   * @throws SourceUnavailable if the database cannot be read
   */
  TenantSnapshot extract(TenantId tenant, Path scratch, Progress progress);

  /**
   * Tries what a restore into the tenants of today would do before it looks at any of their rows,
   * in scratch space: an archive that is sound may still be one that this database does not take.
   *
   * @param staged the tenant as it was, already verified
   * @param scratch an empty folder of the caller, who deletes it
   * @return why a restore would be refused, one sentence each; empty if nothing is known of
   * @throws SourceUnavailable if the database cannot be read
   */
  default List<String> rehearse(StagedTenant staged, Path scratch, Progress progress) {
    return List.of();
  }

  /**
   * Works out what it takes to make the rows of {@code target} those of {@code staged}, and changes
   * nothing.
   *
   * @param staged the tenant as it was, already verified
   * @param target the tenant to replace; it need not exist any more
   * @param scratch an empty folder of the caller, who deletes it when done with the result
   * @throws RestoreRefused if the schemas cannot be reconciled; collisions are part of the plan
   * @throws SourceUnavailable if the database cannot be read
   */
  PlannedRestore plan(
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path scratch,
      Progress progress);

  /**
   * The same tenants in a staged copy of the system, as of its instant: for a tenant whose own
   * archives are gone. Takes the staged files over: they may be moved within their folder.
   *
   * @param database what the system calls the database that this source reads
   * @param trees where the system's file trees are in the live system, by their names
   * @throws BackupRefused if the system has no such database
   */
  TenantSource inSystem(StagedSystem staged, String database, Map<String, Path> trees);

  /**
   * Completes or reverts what restores left behind that were killed, but for those of tenants that
   * somebody is at work on. Called when a service starts. One that can be neither completed nor
   * reverted is logged and does not keep the others from it; {@link #lock} of its tenant fails.
   *
   * @param settle is lent the lock of each such tenant, which says what was done
   * @throws OperationFailed if it cannot be seen what there is
   */
  void recover(Consumer<TenantLock> settle);

  /** The file of this machine that the database is, to keep notes beside; empty if it is none. */
  default Optional<Path> databaseFile() {
    return Optional.empty();
  }

  /** Releases everything. Does nothing the second time. */
  @Override
  void close();
}
