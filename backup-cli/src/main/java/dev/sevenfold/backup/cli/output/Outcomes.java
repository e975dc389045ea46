package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.Label;

/** Says what became of a firing. */
public final class Outcomes {

  private Outcomes() {}

  public static String inWords(JobOutcome outcome) {
    if (outcome instanceof JobOutcome.Finished finished) {
      return "finished" + finished.label().map(Label::value).map(label -> " " + label).orElse("");
    }
    if (outcome instanceof JobOutcome.AlreadyDone done) {
      return "finished before " + done.label();
    }
    if (outcome instanceof JobOutcome.Failed failed) {
      return "failed: " + failed.what() + ". " + failed.advice();
    }
    return "interrupted";
  }
}
