package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.UnmodelledReferences;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whose each row of a live database is, in one snapshot, and keeps the figure: for backups
 * that is counted once in a run over many tenants, else at most once a day for each version of
 * schema and model, whatever process asks and whatever was found. Thread-safe.
 */
final class OwnershipChecks {

  private static final Logger log = LoggerFactory.getLogger(OwnershipChecks.class);

  private final Engine engine;
  private final SqliteEngine database;
  private final LastCheck<OwnershipCheck.Figure> last;

  OwnershipChecks(Engine engine, SqliteEngine database, Optional<CheckedNote> note) {
    this.engine = engine;
    this.database = database;
    this.last = new LastCheck<>("ownership", note, new Line());
  }

  /**
   * Looks now, at the columns too that the model says nothing of: whoever asks for it wants to hear
   * of these, and backups do not wait for it.
   */
  OwnershipCheck run(Progress progress) throws SQLException {
    return run(progress, (table, column) -> true);
  }

  private synchronized OwnershipCheck run(Progress progress, UnmodelledReferences.Wanted columns)
      throws SQLException {
    try (Session session = engine.open()) {
      session.attachTemporary(Workbench.WORK);
      Snapshot live = engine.snapshot(session);
      // Where whoever writes would wait for all of it, rows that come meanwhile may be counted.
      boolean oneSnapshot = !live.stopsWriters();
      if (oneSnapshot) {
        live.begin();
      }
      OwnershipCheck check = run(live, progress, columns);
      if (oneSnapshot) {
        live.end();
      }
      String version = version(session, database.model(session));
      last.keep(new LastCheck.Found<>(check.at(), version, check.figure()));
      return check;
    }
  }

  /** The figure that was counted last, however old it is. */
  Optional<OwnershipCheck.Figure> last() {
    return last.known().map(LastCheck.Found::what);
  }

  /**
   * A figure for a backup, which goes on whatever it says, also where it cannot be had: then it is
   * the last one.
   *
   * @param mayBeKnown whether one of today will do
   */
  synchronized Optional<OwnershipCheck.Figure> figure(boolean mayBeKnown) {
    try {
      return isKnown(mayBeKnown)
          ? last()
          : Optional.of(run(Progress.none(), (table, column) -> false).figure());
    } catch (SQLException e) {
      log.warn("It was not counted whose the rows are; backups go on", Printable.failure(e));
      return last();
    }
  }

  private boolean isKnown(boolean mayBeKnown) throws SQLException {
    Optional<LastCheck.Found<OwnershipCheck.Figure>> known = last.known();
    if (!mayBeKnown || known.isEmpty()) {
      return false;
    }
    try (Session session = database.open()) {
      String version = version(session, database.model(session));
      return known.get().isFresh(database.now(), version);
    }
  }

  private OwnershipCheck run(Snapshot live, Progress progress, UnmodelledReferences.Wanted columns)
      throws SQLException {
    Instant at = engine.now();
    List<OwnedTable> owned = live.model().ownership().owned();
    AllOwners owners = AllOwners.find(live);
    owners.noteUses(live);
    List<OwnershipCheck.TableRows> tables = new ArrayList<>();
    for (OwnedTable table : owned) {
      progress.report("check", Progress.Unit.TABLES, tables.size(), owned.size());
      tables.add(owners.count(table, database.model().allowsNobodys(table.name())));
    }
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
