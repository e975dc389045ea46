package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Makes sure that looking a tenant's rows up finds all of them: once for a run over many tenants,
 * else at most once a day for each version of the schema, whatever process asks. What was found
 * damaged is looked at again each time, as it may have been mended. Thread-safe.
 */
final class Completeness {

  private static final String DOING = "Comparing the indexes with their tables";

  /** What a look at all indexes found. Immutable. */
  record Found(Instant at, List<IndexCheck.Finding> findings) {
    Found {
      findings = List.copyOf(findings);
    }

    /** One sentence for each index that hides rows of the tenant. */
    List<String> of(TenantId tenant) {
      return findings.stream()
          .filter(finding -> finding.concerns(tenant.value()))
          .map(IndexCheck.Finding::what)
          .toList();
    }

    /** One sentence for each damaged index that hides rows of other tenants alone. */
    List<String> ofOthers(TenantId tenant) {
      return findings.stream()
          .filter(finding -> !finding.concerns(tenant.value()))
          .map(
              finding ->
                  finding.what() + ", none of them tenant " + tenant + "'s. " + CopyCheck.ADVICE)
          .toList();
    }
  }

  /** Only that all is well is noted: what is damaged is looked at again. */
  private record Line() implements LastCheck.Form<Found> {
    @Override
    public Optional<String> write(Found found) {
      return found.findings().isEmpty() ? Optional.of("sound") : Optional.empty();
    }

    @Override
    public Optional<Found> read(Instant at, String line) {
      return Optional.of(new Found(at, List.of()));
    }
  }

  private final SqliteEngine database;
  private final Clock clock;
  private final LastCheck<Found> last;

  Completeness(SqliteEngine database, Clock clock, Optional<CheckedNote> note) {
    this.database = database;
    this.clock = clock;
    this.last = new LastCheck<>("indexes", note, new Line());
  }

  /** When it was last made sure that the tenant's rows are found, which may be now. */
  Found current() {
    return SqliteErrors.orUnavailable(DOING, () -> look(true));
  }

  /** Looks now. */
  Found anew() {
    return SqliteErrors.orUnavailable(DOING, () -> look(false));
  }

  private synchronized Found look(boolean mayBeKnown) throws SQLException {
    try (Session session = database.open()) {
      String schema = fingerprint(session);
      Instant now = clock.instant();
      Optional<Found> known =
          last.known()
              .filter(found -> found.isFresh(now, schema))
              .map(LastCheck.Found::what)
              .filter(found -> mayBeKnown && found.findings().isEmpty());
      return known.isPresent() ? known.get() : check(session, schema);
    }
  }

  private Found check(Session session, String schemaNow) throws SQLException {
    session.attachTemporary(Workbench.WORK);
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Found found = new Found(at, IndexCheck.run(session, database.model(session)));
    last.keep(new LastCheck.Found<>(at, schemaNow, found));
    return found;
  }

  static void requireForBackup(Found found, TenantId tenant) {
    List<String> reasons = found.of(tenant);
    if (!reasons.isEmpty()) {
      throw CopyCheck.damaged(tenant, reasons);
    }
  }

  static void requireForRestore(Found found, TenantId tenant) {
    List<String> reasons = found.of(tenant);
    if (!reasons.isEmpty()) {
      throw new RestoreRefused(
          "A damaged index of the live database gives not exactly the rows of tenant " + tenant,
          reasons,
          CopyCheck.ADVICE);
    }
  }

  /** The version of the schema: what tables and indexes are, but for what we make and drop. */
  static String fingerprint(Session session) throws SQLException {
    MessageDigest sha256 = Sha256.digest();
    session.forEach(
        """
        SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM main.sqlite_schema
        WHERE type IN ('table', 'index') AND name NOT LIKE 'sevenfold\\_%' ESCAPE '\\'
        ORDER BY type, name
        """,
        row -> sha256.update((row.getString(1) + '\0').getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(sha256.digest());
  }
}
