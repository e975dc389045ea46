package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.journal.RecoveredLock;
import dev.sevenfold.backup.journal.RestoreRecovery;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.restore.Prepared;
import dev.sevenfold.backup.restore.Rehearsal;
import dev.sevenfold.backup.restore.SnapshotTaker;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TenantDatabaseFile;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.source.Verification;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The tenants of a PostgreSQL database, through the rooms that SQLite's go through. Thread-safe.
 */
final class PostgresSource implements TenantSource {

  private final PostgresEngine engine;
  private final TenantLocks locks;

  PostgresSource(PostgresEngine engine, Path locks) {
    this.engine = engine;
    this.locks = new TenantLocks(locks, Duration.ofSeconds(10));
  }

  private interface Read<T> {
    T from(Snapshot live) throws SQLException;
  }

  private <T> T read(Read<T> read) {
    try (Session workbench = engine.open()) {
      return read.from(engine.snapshot(workbench));
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static SourceUnavailable unavailable(SQLException e) {
    return new SourceUnavailable("The server: " + e.getMessage(), "Try again", e);
  }

  @Override
  public String describe() {
    return "PostgreSQL";
  }

  @Override
  public List<TenantId> tenants() {
    return read(
        live -> {
          String root = live.model().ownership().root().name();
          List<String> key = List.of(live.model().ownership().keyColumn());
          Table table = live.model().schema().table(root);
          live.bring(List.of(Question.lacking(table, key, "SELECT 1 WHERE 0")));
          return TenantKey.all(live.workbench(), live.schema(), live.model().ownership());
        });
  }

  @Override
  public OwnershipCheck check(Progress progress) {
    throw new UnsupportedOperationException("not part of the spike");
  }

  @Override
  public SuggestedModel suggest(List<Path> roots, Progress progress) {
    throw new UnsupportedOperationException("not part of the spike");
  }

  @Override
  public String explain(Progress progress) {
    return read(live -> live.model().ownership().explain());
  }

  @Override
  public TenantLock lock(TenantId tenant) {
    RestoreRecovery recovery = new RestoreRecovery(engine, engine.file().orElseThrow());
    return RecoveredLock.of(locks.acquire(tenant), recovery, TenantLocks.position(tenant));
  }

  @Override
  public TenantSnapshot extract(TenantId tenant, Path scratch, Progress progress) {
    try {
      return SnapshotTaker.take(engine, tenant, scratch.resolve("tenant.sqlite3"), progress);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public Verification<TenantProof> verify(StagedTenant staged, Progress progress) {
    return new TenantDatabaseFile(engine.scratch(), this::definitions)
        .verify(staged.database(), staged.manifest(), progress);
  }

  private Set<String> definitions() {
    return read(
        live ->
            live.model().schema().tables().stream()
                .map(Table::definition)
                .collect(Collectors.toSet()));
  }

  @Override
  public List<String> rehearse(StagedTenant staged, Path scratch, Progress progress) {
    try {
      return new Rehearsal(engine, staged, scratch).run(progress);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public PlannedRestore plan(
      StagedTenant staged,
      TenantId target,
      RestoreOptions options,
      Path scratch,
      Progress progress) {
    if (!staged.manifest().tenant().orElseThrow().equals(target)) {
      throw new RestoreRefused("The archive is of another tenant", List.of(), "Choose its own");
    }
    try {
      return Prepared.of(engine, staged, target, options, scratch).plan(progress);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public TenantSource inSystem(StagedSystem staged, String database, Map<String, Path> trees) {
    throw new UnsupportedOperationException("A system of PostgreSQL is no part of this trial");
  }

  @Override
  public void recover(Consumer<TenantLock> settle) {
    new RestoreRecovery(engine, engine.file().orElseThrow()).recoverAll(locks, settle);
  }

  @Override
  public void close() {
    // Connections are opened for each piece of work, and closed after it.
  }
}
