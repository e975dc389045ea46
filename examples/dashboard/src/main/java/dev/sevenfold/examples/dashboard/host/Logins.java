package dev.sevenfold.examples.dashboard.host;

import dev.sevenfold.backup.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The people who may log in, and their passwords, of which only bcrypt hashes are kept.
 * Thread-safe.
 */
public final class Logins {

  /** About a quarter of a second on a small machine: what an attacker pays for each guess. */
  private static final int COST = 12;

  private static final int SALT_BYTES = 16;

  /** bcrypt looks at no more; a longer password is refused rather than cut. */
  private static final int LONGEST_PASSWORD = 72;

  private static final int SHORTEST_PASSWORD = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final HostDatabase database;

  /** Compared with where there is no such login, so that the answer takes as long. */
  private final String nobodysHash = hash("nobody's password");

  /** Those of a database. */
  public Logins(HostDatabase database) {
    this.database = database;
  }

  private static String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return OpenBSDBCrypt.generate(password.getBytes(StandardCharsets.UTF_8), salt, COST);
  }

  /** Adds a person of a firm, or of support if there is no firm. */
  public void add(String email, String name, String password, Optional<TenantId> firm) {
    int length = password.getBytes(StandardCharsets.UTF_8).length;
    if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
      throw new IllegalArgumentException(
          "The password of %s has %d bytes; use %d to %d"
              .formatted(email, length, SHORTEST_PASSWORD, LONGEST_PASSWORD));
    }
    database.update(
        "INSERT INTO logins (email, name, password_hash, firm) VALUES (?, ?, ?, ?)",
        email,
        name,
        hash(password),
        firm.map(TenantId::value).orElse(null));
  }

  private record Secret(Login login, String hash) {}

  /** The person with this address, if the password is right. */
  public Optional<Login> check(String email, String password) {
    Optional<Secret> secret =
        database.first(
            "SELECT id, email, name, firm, password_hash FROM logins WHERE email = ?",
            row -> new Secret(login(row), row.getString("password_hash")),
            email);
    boolean fits = password.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PASSWORD;
    boolean right =
        OpenBSDBCrypt.checkPassword(
            secret.map(Secret::hash).orElse(nobodysHash),
            (fits ? password : "").getBytes(StandardCharsets.UTF_8));
    return secret.filter(found -> right && fits).map(Secret::login);
  }

  static Login login(ResultSet row) throws SQLException {
    return new Login(
        row.getLong("id"),
        row.getString("email"),
        row.getString("name"),
        Optional.ofNullable(row.getString("firm")).map(TenantId::of));
  }
}
