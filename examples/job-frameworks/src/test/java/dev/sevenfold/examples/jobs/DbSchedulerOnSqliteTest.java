package dev.sevenfold.examples.jobs;

import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerHost;
import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerTable;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class DbSchedulerOnSqliteTest extends RememberingHostContract {

  @Override
  FrameworkHost host() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(10_000);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource jobs = new SQLiteDataSource(config);
    jobs.setUrl("jdbc:sqlite:" + folder.resolve("jobs.sqlite3"));
    DbSchedulerTable.createIn(jobs);
    return new DbSchedulerHost(application, jobs, Duration.ofMillis(200));
  }
}
