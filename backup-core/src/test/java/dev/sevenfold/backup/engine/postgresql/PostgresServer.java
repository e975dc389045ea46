package dev.sevenfold.backup.engine.postgresql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real server on a loopback port, with its data in a folder of its own. It comes from the build's
 * own repository; where it does not start, tests are skipped, loudly, but never in CI.
 */
final class PostgresServer implements AutoCloseable {

  private final EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  static PostgresServer start(Path folder) {
    try {
      return new PostgresServer(
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.resolve("data"))
              .setOverrideWorkingDirectory(folder.resolve("programs").toFile())
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("fsync", "off")
              .setLocaleConfig("locale", "C")
              .setLocaleConfig("encoding", "UTF8")
              .start());
    } catch (IOException | RuntimeException e) {
      String reason =
          "SKIPPED: PostgreSQL does not start here, so that its engine stays untried: " + e;
      if (System.getenv("CI") != null) {
        return Assertions.fail(reason + ". In CI nothing may be skipped", e);
      }
      return Assumptions.abort(reason);
    }
  }

  DataSource database() {
    return server.getPostgresDatabase();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
