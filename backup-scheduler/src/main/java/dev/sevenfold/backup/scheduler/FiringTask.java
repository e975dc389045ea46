package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.job.ScheduledJob;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What db-scheduler calls for one of the host's jobs: serves a firing, records what became of it,
 * and says what comes next. Thread-safe.
 *
 * @param work what is called when a firing is due
 * @param running what this node works on
 * @param renew plans a job anew that was changed while it ran
 */
record FiringTask(
    Settings settings,
    JobRows rows,
    ScheduledJob work,
    RunningFirings running,
    Consumer<Job> renew) {

  private static final JobOutcome DIED =
      new JobOutcome.Failed(
          "The process that ran it died before it ended",
          "Look at what it has done, and request it again",
          false);

  Task<PlannedFiring> task() {
    return Tasks.custom(work.label(), PlannedFiring.class)
        // Not a failed backup, which is an outcome: the jobs could not be read or written.
        .onFailure((done, ops) -> ops.reschedule(done, settings.now().plus(settings.lease())))
        .onDeadExecution(this::dead)
        .execute(this::run);
  }

  private CompletionHandler<PlannedFiring> run(
      TaskInstance<PlannedFiring> instance, ExecutionContext context) {
    PlannedFiring planned = instance.getData();
    Optional<Job> wanted =
        rows.find(JobRows.key(instance))
            .filter(stored -> stored.unreadable().isEmpty())
            .map(JobRows.Stored::job)
            // Or switched off after this was planned, in the moment between two statements.
            .filter(job -> job.active() || !Planner.isScheduled(job, planned.scheduledAt()));
    if (wanted.isEmpty()) {
      return (done, ops) -> ops.remove();
    }
    Job job = wanted.get();
    Instant startedAt = settings.now();
    PlannedFiring firing = settings.planner().latest(job, planned, startedAt);
    Optional<RunningFirings.Running> begun = running.begin(job.firing(firing.scheduledAt()));
    if (begun.isEmpty()) {
      // A tenant's jobs run one at a time, and the others need not wait for them.
      Instant later = startedAt.plus(settings.pollInterval());
      return (done, ops) -> ops.reschedule(done, later, planned);
    }
    settings.tell(listener -> listener.started(begun.get().firing()));
    JobOutcome outcome = begun.get().run(work);
    // A pool of connections may refuse a thread that is interrupted.
    boolean interrupted = Thread.interrupted() || outcome instanceof JobOutcome.Interrupted;
    if (interrupted && context.getSchedulerState().isShuttingDown()) {
      running.noteInterrupt();
    }
    return (done, ops) -> {
      try {
        end(done, ops, job, firing, startedAt, settled(outcome));
      } finally {
        running.end(begun.get());
      }
    };
  }

  private JobOutcome settled(JobOutcome ended) {
    return ended instanceof JobOutcome.Interrupted && !work.repeatable()
        ? new JobOutcome.Failed(
            "It was interrupted", "Nothing was changed; request it again", false)
        : ended;
  }

  /** Records the end of an attempt, by the job as it is now, and plans what comes next. */
  private void end(
      ExecutionComplete done,
      ExecutionOperations<PlannedFiring> ops,
      Job before,
      PlannedFiring firing,
      Instant startedAt,
      JobOutcome outcome) {
    Instant now = settings.now();
    Optional<Job> job = rows.find(before.key()).map(JobRows.Stored::job);
    if (job.isEmpty()) {
      ops.remove();
      return;
    }
    Optional<PlannedFiring> again =
        work.repeatable()
            ? settings.planner().again(job.get(), firing, outcome, now)
            : Optional.empty();
    FiringRecord record =
        new FiringRecord(
            firing.scheduledAt(), firing.attempt(), startedAt, now, outcome, again.isEmpty());
    rows.record(before.key(), record);
    then(done, ops, again.or(() -> following(job.get(), firing, now)));
    Firing served = before.firing(firing.scheduledAt());
    settings.tell(listener -> listener.ended(served, record));
    // What was set after it was read above could not be planned: db-scheduler refused it.
    rows.find(before.key())
        .map(JobRows.Stored::job)
        .filter(changed -> !changed.equals(job.get()))
        .ifPresent(renew);
  }

  private Optional<PlannedFiring> following(Job job, PlannedFiring firing, Instant now) {
    return settings.planner().following(job, firing.scheduledAt(), now);
  }

  private static void then(
      ExecutionComplete done,
      ExecutionOperations<PlannedFiring> ops,
      Optional<PlannedFiring> next) {
    next.ifPresentOrElse(
        planned -> ops.reschedule(done, planned.dueAt(), planned), () -> ops.remove());
  }

  /** Nobody has said for a lease that this firing is worked on. */
  private void dead(ExecutionComplete done, ExecutionOperations<PlannedFiring> ops) {
    TaskInstance<?> instance = done.getExecution().taskInstance;
    JobKey key = JobRows.key(instance);
    if (running.find(key).isPresent()) {
      // It is, here: the clock has jumped. The next beat says so.
      return;
    }
    Optional<JobRows.Stored> stored = rows.find(key);
    if (stored.isEmpty()) {
      ops.remove();
      return;
    }
    Job job = stored.get().job();
    PlannedFiring firing = (PlannedFiring) instance.getData();
    Instant now = settings.now();
    if (stored.get().over().filter(firing.scheduledAt()::equals).isPresent()) {
      then(done, ops, following(job, firing, now));
    } else if (work.repeatable() && firing.attempt() <= settings.planner().retry().attempts()) {
      PlannedFiring again = new PlannedFiring(firing.scheduledAt(), now, firing.attempt() + 1, now);
      then(done, ops, Optional.of(again));
    } else {
      end(done, ops, job, firing, now, DIED);
    }
  }
}
