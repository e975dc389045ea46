package dev.sevenfold.examples.jobs;

import dev.sevenfold.testsupport.Postgres;
import java.io.IOException;
import org.postgresql.ds.PGSimpleDataSource;

/** A new, empty database in PostgreSQL. */
final class NewDatabase {

  private NewDatabase() {}

  static PGSimpleDataSource create() throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(Postgres.server().newDatabase());
    return source;
  }
}
