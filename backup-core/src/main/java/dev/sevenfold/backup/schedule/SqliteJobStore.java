package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Jobs in a SQLite database: a file of their own, or tables beside the host's, whose names begin
 * with {@code sevenfold_}. The tables are made, and brought up to date, when it is opened. Several
 * processes of one machine may share the database; never put it on a network file system.
 *
 * <p>Every change is one {@code BEGIN IMMEDIATE} transaction that waits for others. Thread-safe.
 */
public final class SqliteJobStore implements JobStore {

  private final JobDatabase database;

  private SqliteJobStore(JobDatabase database) {
    this.database = database;
    database.write(JobTables::migrate);
  }

  /**
   * Opens a database file, which is made if there is none. It is set to write-ahead logging.
   *
   * @throws StoreUnavailable if it cannot be opened
   * @throws OperationFailed if a newer version of Sevenfold has made its tables
   */
  public static SqliteJobStore open(Path file) {
    JobDatabase database = JobDatabase.open(file);
    try {
      return new SqliteJobStore(database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Uses the host's connections to a SQLite database, one for each call. The database's journal
   * mode is left as it is.
   *
   * @throws StoreUnavailable if there is no connection, or it is not one to SQLite
   * @throws OperationFailed if a newer version of Sevenfold has made its tables
   */
  public static SqliteJobStore using(DataSource connections) {
    return new SqliteJobStore(JobDatabase.using(connections));
  }

  @Override
  public String describe() {
    return database.describe();
  }

  @Override
  public boolean save(Job job, Optional<PlannedFiring> next, long revision) {
    return database.write(
        sql -> {
          JobRows rows = new JobRows(sql);
          return revision == 0 ? rows.insert(job, next) : rows.update(job, next, revision);
        });
  }

  @Override
  public Optional<StoredJob> find(JobKey key) {
    return database.read(sql -> new JobRows(sql).find(key));
  }

  @Override
  public List<StoredJob> list() {
    return database.read(sql -> new JobRows(sql).all());
  }

  @Override
  public List<StoredJob> list(TenantId tenant) {
    return database.read(sql -> new JobRows(sql).of(tenant));
  }

  @Override
  public boolean remove(JobKey key) {
    return database.write(sql -> new JobRows(sql).delete(key));
  }

  @Override
  public List<StoredJob> outdated(Instant now, Instant ahead) {
    return database.read(sql -> new JobRows(sql).outdated(now, ahead));
  }

  @Override
  public List<StoredJob> due(Instant now) {
    return database.read(sql -> new JobRows(sql).due(now));
  }

  @Override
  public List<Claim> claim(String node, Set<String> labels, Instant now, int limit) {
    // Most of the time nothing is due: find out without the write lock.
    if (limit < 1 || database.read(sql -> new ClaimRows(sql).due(labels, now, 1)).isEmpty()) {
      return List.of();
    }
    return database.write(
        sql -> {
          ClaimRows rows = new ClaimRows(sql);
          List<Claim> claims = new ArrayList<>();
          for (JobKey key : rows.due(labels, now, limit)) {
            claims.add(rows.claim(key, token(), node, now));
          }
          return claims;
        });
  }

  private static String token() {
    return UUID.randomUUID().toString();
  }

  @Override
  public List<Claim> claims() {
    return database.read(sql -> new ClaimRows(sql).all());
  }

  @Override
  public Optional<Claim> takeOver(Claim seen, String node, Instant now) {
    return database.write(sql -> new ClaimRows(sql).takeOver(seen, token(), node, now));
  }

  @Override
  public boolean beat(Claim claim, Optional<JobProgress> progress) {
    return database.write(sql -> new ClaimRows(sql).beat(claim, progress));
  }

  @Override
  public boolean finish(
      Claim claim, long revision, FiringRecord record, Optional<PlannedFiring> next) {
    return database.write(
        sql -> {
          if (!new ClaimRows(sql).end(claim, revision, next)) {
            return false;
          }
          new FiringRows(sql).record(claim.job().key(), record);
          return true;
        });
  }

  @Override
  public List<FiringRecord> history(JobKey key, int limit) {
    return database.read(sql -> new FiringRows(sql).latest(key, limit));
  }

  @Override
  public boolean isOver(JobKey key, Instant scheduledAt) {
    return database.read(sql -> new FiringRows(sql).isOver(key, scheduledAt));
  }

  @Override
  public Optional<Instant> alive(Instant now) {
    return database.write(
        sql -> {
          Optional<Instant> before =
              sql
                  .query(
                      "SELECT alive_at FROM sevenfold_job_scheduler",
                      row -> row.instant("alive_at"))
                  .stream()
                  .findFirst();
          sql.update(
              """
              INSERT INTO sevenfold_job_scheduler (id, alive_at) VALUES (1, ?)
              ON CONFLICT (id) DO UPDATE SET alive_at = excluded.alive_at
              """,
              now);
          return before;
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
