package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.UnmodelledReferences;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.Watchdog;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whose each row of a live database is, in one snapshot, and keeps the figure: for backups
 * that is counted once in a run over many tenants, else at most once a day for each version of
 * schema and model, whatever process asks and whatever was found. Thread-safe.
 */
final class OwnershipChecks {

  private static final Logger log = LoggerFactory.getLogger(OwnershipChecks.class);

  /** How long one tenant's backup waits for a count, and a run over many of them. */
  private static final Duration OF_ONE = Duration.ofSeconds(30);

  private static final Duration OF_RUN = Duration.ofMinutes(10);

  /** How long either does where whoever writes to the database waits meanwhile. */
  private static final Duration WITH_WRITERS = Duration.ofSeconds(2);

  private static final Duration AGAIN = Duration.ofDays(1);

  private final Engine engine;
  private final SqliteEngine database;
  private final LastCheck<OwnershipCheck.Figure> last;
  private final ReentrantLock counting = new ReentrantLock();
  private volatile Instant gaveUp = Instant.MIN;

  OwnershipChecks(Engine engine, SqliteEngine database, Optional<CheckedNote> note) {
    this.engine = engine;
    this.database = database;
    this.last = new LastCheck<>("ownership", note, new Line());
  }

  /**
   * Looks now, at the columns too that the model says nothing of, and at references to other
   * tenants' rows: whoever asks for it wants to hear of these, and backups do not wait for it.
   */
  OwnershipCheck run(Progress progress) throws SQLException {
    try (Session session = engine.open()) {
      return run(session, engine.snapshot(session), progress, true);
    }
  }

  /** Counts for a backup, which does not wait for long. */
  private OwnershipCheck run(Duration time) throws SQLException {
    try (Session session = engine.open()) {
      Snapshot live = engine.snapshot(session);
      try (Watchdog ignored = Watchdog.over(session, live.stopsWriters() ? WITH_WRITERS : time)) {
        return run(session, live, Progress.none(), false);
      }
    }
  }

  private OwnershipCheck run(Session session, Snapshot live, Progress progress, boolean asked)
      throws SQLException {
    session.attachTemporary(Workbench.WORK);
    // Where whoever writes would wait for all of it, rows that come meanwhile may be counted.
    boolean oneSnapshot = !live.stopsWriters();
    if (oneSnapshot) {
      live.begin();
    }
    OwnershipCheck check = run(live, progress, asked);
    if (oneSnapshot) {
      live.end();
    }
    String version = version(session, database.model(session));
    last.keep(new LastCheck.Found<>(check.at(), version, check.figure()));
    return check;
  }

  /** The figure that was counted last, however old it is. */
  Optional<OwnershipCheck.Figure> last() {
    return last.known().map(LastCheck.Found::what);
  }

  /**
   * A figure for a backup, which goes on whatever it says. Where it is not to be had in time, or
   * another backup is at it, it is the last one; and nobody tries again for a day.
   *
   * @param ofRun whether it is for a run over many tenants: then one of today will not do
   */
  Optional<OwnershipCheck.Figure> figure(boolean ofRun) {
    if (!counting.tryLock()) {
      return last();
    }
    try {
      boolean triedToday = gaveUp.isAfter(database.now().minus(AGAIN));
      return triedToday || (!ofRun && isKnown())
          ? last()
          : Optional.of(run(ofRun ? OF_RUN : OF_ONE).figure());
    } catch (SQLException | InvalidTenantModel e) {
      gaveUp = database.now();
      log.warn(
          "It was not counted whose the rows are; backups go on. Run tenant check, which takes its"
              + " time",
          Printable.failure(e));
      return last();
    } finally {
      counting.unlock();
    }
  }

  private boolean isKnown() throws SQLException {
    Optional<LastCheck.Found<OwnershipCheck.Figure>> known = last.known();
    if (known.isEmpty()) {
      return false;
    }
    try (Session session = database.open()) {
      String version = version(session, database.model(session));
      return known.get().isFresh(database.now(), version);
    }
  }

  private OwnershipCheck run(Snapshot live, Progress progress, boolean asked) throws SQLException {
    Instant at = engine.now();
    List<OwnedTable> owned = live.model().ownership().owned();
    AllOwners owners = AllOwners.find(live);
    owners.requireNoSharedTenants();
    owners.noteUses(live);
    owners.noteTypes(live);
    if (asked) {
      owners.noteCrossing();
    }
    List<OwnershipCheck.TableRows> tables = new ArrayList<>();
    for (OwnedTable table : owned) {
      progress.report("check", Progress.Unit.TABLES, tables.size(), owned.size());
      boolean mayBeNobodys =
          !live.model().ownership().isRoot(table) && database.model().allowsNobodys(table.name());
      tables.add(owners.count(table, mayBeNobodys));
    }
    progress.report("look at references", Progress.Unit.TABLES, owned.size(), owned.size());
    UnmodelledReferences.Wanted columns = (table, column) -> asked;
    return new OwnershipCheck(
        at, tables, UnmodelledReferences.find(AllOwners.scope(live), owners, columns));
  }

  /** What a figure depends on beside the rows: another model finds other rows nobody's. */
  private String version(Session session, LiveModel model) throws SQLException {
    MessageDigest sha256 = Sha256.digest();
    sha256.update(Completeness.fingerprint(session).getBytes(StandardCharsets.UTF_8));
    sha256.update(model.ownership().explain().getBytes(StandardCharsets.UTF_8));
    for (OwnedTable table : model.ownership().owned()) {
      sha256.update((byte) (database.model().allowsNobodys(table.name()) ? 1 : 0));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** {@code 1025100 8:0:notes 0:1:referrals}. */
  private record Line() implements LastCheck.Form<OwnershipCheck.Figure> {
    @Override
    public Optional<String> write(OwnershipCheck.Figure figure) {
      StringBuilder line = new StringBuilder().append(figure.rows());
      for (OwnershipCheck.Wrong wrong : figure.tables()) {
        line.append(' ').append(wrong.nobodys()).append(':').append(wrong.doubtful()).append(':');
        line.append(URLEncoder.encode(wrong.table(), StandardCharsets.UTF_8));
      }
      return Optional.of(line.toString());
    }

    @Override
    public Optional<OwnershipCheck.Figure> read(Instant at, String line) {
      String[] parts = line.split(" ");
      List<OwnershipCheck.Wrong> tables = new ArrayList<>();
      try {
        for (String part : List.of(parts).subList(1, parts.length)) {
          String[] wrong = part.split(":", 3);
          tables.add(
              new OwnershipCheck.Wrong(
                  URLDecoder.decode(wrong[2], StandardCharsets.UTF_8),
                  Long.parseLong(wrong[0]),
                  Long.parseLong(wrong[1])));
        }
        return Optional.of(new OwnershipCheck.Figure(at, Long.parseLong(parts[0]), tables));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }
  }
}
