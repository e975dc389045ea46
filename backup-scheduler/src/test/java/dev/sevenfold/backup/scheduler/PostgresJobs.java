package dev.sevenfold.backup.scheduler;

import dev.sevenfold.testsupport.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A new database in PostgreSQL, to keep jobs in. */
final class PostgresJobs {

  private PostgresJobs() {}

  static DataSource create() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(Postgres.server().newDatabase());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return source;
  }
}
