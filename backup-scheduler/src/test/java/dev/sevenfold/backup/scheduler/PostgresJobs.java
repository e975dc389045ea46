package dev.sevenfold.backup.scheduler;

import dev.sevenfold.testsupport.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.postgresql.ds.PGPoolingDataSource;

/** A new database in PostgreSQL, to keep jobs in. */
final class PostgresJobs {

  private PostgresJobs() {}

  // Nothing else in the driver keeps connections, and a new one for each statement of each poll is
  // most of what a simulated month takes.
  @SuppressWarnings("deprecation")
  static DataSource create() {
    PGPoolingDataSource source = new PGPoolingDataSource();
    source.setMaxConnections(8);
    try {
      source.setUrl(Postgres.server().newDatabase());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return source;
  }
}
