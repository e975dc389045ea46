package dev.sevenfold.examples.dashboard.host;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who is logged in. The database knows a session by the hash of its cookie, so that whoever reads
 * the database cannot step into one. Thread-safe.
 */
public final class Sessions {

  /** A session that nobody used for so long is over. */
  public static final Duration IDLE = Duration.ofMinutes(30);

  /** No session lasts longer, used or not. */
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final HostDatabase database;
  private final Clock clock;

  /** Those of a database. */
  public Sessions(HostDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A value for a cookie that nobody can guess. */
  public static String newCookie() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Begins a session, and forgets those that are over.
   *
   * @return its cookie, always a new one
   */
  public String start(Login login) {
    String cookie = newCookie();
    long now = clock.millis();
    database.transaction(
        connection -> {
          HostDatabase.execute(
              connection,
              "DELETE FROM sessions WHERE seen_at < ? OR started_at < ?",
              now - IDLE.toMillis(),
              now - LONGEST.toMillis());
          HostDatabase.execute(
              connection,
              "INSERT INTO sessions (cookie_hash, login_id, started_at, seen_at)"
                  + " VALUES (?, ?, ?, ?)",
              hash(cookie),
              login.id(),
              now,
              now);
        });
    return cookie;
  }

  /** Whose session it is, if it is not over. That keeps it from becoming idle. */
  public Optional<Login> find(String cookie) {
    long now = clock.millis();
    Optional<Login> login =
        database.first(
            """
            SELECT l.id, l.email, l.name, l.firm FROM sessions s JOIN logins l ON l.id = s.login_id
            WHERE s.cookie_hash = ? AND s.seen_at >= ? AND s.started_at >= ?
            """,
            Logins::login,
            hash(cookie),
            now - IDLE.toMillis(),
            now - LONGEST.toMillis());
    if (login.isPresent()) {
      // Not with every request: a minute is exact enough, and readers need no write lock.
      database
          .first(
              "SELECT seen_at FROM sessions WHERE cookie_hash = ? AND seen_at < ?",
              row -> row.getLong("seen_at"),
              hash(cookie),
              now - Duration.ofMinutes(1).toMillis())
          .ifPresent(
              seen ->
                  database.update(
                      "UPDATE sessions SET seen_at = ? WHERE cookie_hash = ?", now, hash(cookie)));
    }
    return login;
  }

  /** Ends a session. */
  public void end(String cookie) {
    database.update("DELETE FROM sessions WHERE cookie_hash = ?", hash(cookie));
  }

  private static String hash(String cookie) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(cookie.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
