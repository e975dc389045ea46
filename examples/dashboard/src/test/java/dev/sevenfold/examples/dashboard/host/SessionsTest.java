package dev.sevenfold.examples.dashboard.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

  private final MutableClock clock = MutableClock.at("2026-11-24T08:00:00Z");

  @TempDir Path folder;

  private HostDatabase database;
  private Sessions sessions;
  private Login login;

  @BeforeEach
  void log_in() {
    database = HostDatabase.in(folder);
    sessions = new Sessions(database, clock);
    Logins logins = new Logins(database);
    logins.add("kim@test.example", "Kim", "correct horse", Optional.empty());
    login = logins.check("KIM@test.example", "correct horse").orElseThrow();
  }

  @Test
  void a_session_that_is_not_used_is_over_after_half_an_hour() {
    String cookie = sessions.start(login);

    clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.find(cookie)).contains(login);
    clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.find(cookie)).contains(login);
    clock.advance(Duration.ofMinutes(31));
    assertThat(sessions.find(cookie)).isEmpty();
  }

  @Test
  void a_session_that_is_always_used_is_over_after_twelve_hours() {
    String cookie = sessions.start(login);
    for (int i = 0; i < 36; i++) {
      clock.advance(Duration.ofMinutes(20));
      assertThat(sessions.find(cookie)).contains(login);
    }

    clock.advance(Duration.ofMinutes(1));

    assertThat(sessions.find(cookie)).isEmpty();
  }

  @Test
  void the_database_tells_nobody_a_cookie_or_a_password() {
    String cookie = sessions.start(login);

    assertThat(database.query("SELECT cookie_hash FROM sessions", row -> row.getString(1)))
        .singleElement()
        .isNotEqualTo(cookie);
    assertThat(database.query("SELECT password_hash FROM logins", row -> row.getString(1)))
        .singleElement()
        .asString()
        .startsWith("$2y$12$")
        .doesNotContain("horse");
  }

  @Test
  void a_password_that_bcrypt_would_cut_is_refused() {
    Logins logins = new Logins(database);

    assertThatThrownBy(() -> logins.add("x@test.example", "X", "y".repeat(73), Optional.empty()))
        .hasMessageContaining("has 73 bytes; use 12 to 72");
    assertThat(logins.check("kim@test.example", "correct horse" + "\0".repeat(60))).isEmpty();
  }
}
