package dev.sevenfold.backup.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody else's database computes ends, and leaves the connection as it was. */
class BoundsTest {

  private static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

  private static final Bounds TIGHT =
      new Bounds(Duration.ofMillis(200), Duration.ZERO, 1 << 20, 10, 100);

  private static final int SUGGESTED_CACHE = 48;

  @TempDir Path folder;

  private Session session() throws SQLException {
    return Session.scratch(folder.resolve("scratch.sqlite3"));
  }

  @Test
  void what_would_never_end_is_interrupted_and_the_bound_is_named() throws SQLException {
    try (Session session = session()) {
      assertThatExceptionOfType(ArchiveNotReadable.class)
          .isThrownBy(() -> TIGHT.within(session, "main", () -> session.queryLong(ENDLESS)))
          .withMessageContaining("more than the 0 s");
      assertThat(session.queryLong("SELECT 1")).isEqualTo(1);
    }
  }

  @Test
  void many_statements_end_as_one_does() throws SQLException {
    try (Session session = session()) {
      assertThatExceptionOfType(ArchiveNotReadable.class)
          .isThrownBy(
              () ->
                  TIGHT.within(
                      session,
                      "main",
                      () -> {
                        while (true) {
                          session.queryLong("SELECT hex(zeroblob(100000))");
                        }
                      }));
    }
  }

  @Test
  void a_long_value_is_refused_and_may_be_made_again_afterwards() throws SQLException {
    try (Session session = session()) {
      String longer = "SELECT length(zeroblob(1048577) || '')";
      assertThatExceptionOfType(ArchiveNotReadable.class)
          .isThrownBy(() -> Bounds.DEFAULT.within(session, "main", () -> session.queryLong(longer)))
          .withMessageContaining("1048576 bytes");
      session.queryLong(longer);
    }
  }

  @Test
  void values_as_long_as_those_of_a_large_file_may_be_made() throws SQLException {
    try (Session session = session()) {
      session.execute("CREATE TABLE t (b, h AS (hex(b)))");
      session.execute("INSERT INTO t VALUES (randomblob(5000000))");
      assertThat(
              Bounds.DEFAULT.within(
                  session, "main", () -> session.queryLong("SELECT length(h) FROM t")))
          .isEqualTo(10_000_000);
    }
  }

  @Test
  void a_file_cannot_ask_for_memory_in_its_header() throws Exception {
    Path file = folder.resolve("large-cache.sqlite3");
    try (Session session = Session.scratch(file)) {
      session.execute("CREATE TABLE t (a)");
    }
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(SUGGESTED_CACHE, Integer.MAX_VALUE);
    Files.write(file, bytes);
    try (ScratchFile scratch = ScratchFile.own(ConnectionCustomizer.none()).open(file)) {
      assertThat(scratch.session().queryLong("PRAGMA cache_size")).isEqualTo(-2_000);
    }
    try (Session session = session()) {
      session.attach("archive", file);
      assertThat(session.queryLong("PRAGMA archive.cache_size")).isEqualTo(-2_000);
    }
  }
}
