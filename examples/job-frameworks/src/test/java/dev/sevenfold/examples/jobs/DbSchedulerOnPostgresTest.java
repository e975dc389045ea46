package dev.sevenfold.examples.jobs;

import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerHost;
import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerTable;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;

class DbSchedulerOnPostgresTest extends RememberingHostContract {

  private DataSource jobs;

  @BeforeEach
  void createDatabase() throws Exception {
    jobs = NewDatabase.create();
    DbSchedulerTable.createIn(jobs);
  }

  @Override
  FrameworkHost host() {
    return new DbSchedulerHost(application, jobs, Duration.ofMillis(200));
  }
}
