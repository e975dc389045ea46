package dev.sevenfold.examples.jobs.jobrunr;

import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/**
 * A firing as JobRunr keeps it, in JSON.
 *
 * @param tenant whose backup
 * @param scheduledAt the instant of the firing
 */
public record BackupRequest(String tenant, String scheduledAt) implements JobRequest {

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends JobRequestHandler> getJobRequestHandler() {
    return BackupHandler.class;
  }
}
