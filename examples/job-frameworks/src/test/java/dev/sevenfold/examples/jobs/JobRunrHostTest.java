package dev.sevenfold.examples.jobs;

import dev.sevenfold.examples.jobs.jobrunr.JobRunrHost;
import java.time.Duration;

class JobRunrHostTest extends RememberingHostContract {

  @Override
  FrameworkHost host() {
    // JobRunr refuses to look more often.
    return new JobRunrHost(application, folder.resolve("jobrunr.sqlite3"), Duration.ofSeconds(5));
  }
}
