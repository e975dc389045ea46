package dev.sevenfold.examples.jobs;

import dev.sevenfold.examples.jobs.quartz.QuartzHost;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.quartz.Scheduler;

class QuartzHostTest extends RememberingHostContract {

  private DataSource jobs;

  @BeforeEach
  void createDatabase() throws Exception {
    jobs = NewDatabase.create();
    try (InputStream script =
            Objects.requireNonNull(
                Scheduler.class.getResourceAsStream(
                    "/org/quartz/impl/jdbcjobstore/tables_postgres.sql"));
        Connection connection = jobs.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Override
  FrameworkHost host() {
    return new QuartzHost(application, jobs);
  }
}
