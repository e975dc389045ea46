package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.PlannedFiring;
import java.util.function.BooleanSupplier;

/** Plans firings with db-scheduler. Thread-safe. */
final class JobClient {

  private final JobDatabase database;
  private final SchedulerClient client;

  JobClient(JobDatabase database, JdbcCustomization types) {
    this.database = database;
    this.client =
        SchedulerClient.Builder.create(database.connections())
            .tableName(JobTables.TASKS)
            .serializer(new PlannedFiringText())
            .jdbcCustomization(types)
            .build();
  }

  /** Plans a firing, in place of the one that is planned; not while one is under way. */
  boolean plan(JobKey key, PlannedFiring firing) {
    return change(
        () ->
            client.schedule(
                task(key, firing), firing.dueAt(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE));
  }

  /** Plans a firing unless one is planned or under way. */
  boolean add(JobKey key, PlannedFiring firing) {
    return change(() -> client.scheduleIfNotExists(task(key, firing), firing.dueAt()));
  }

  private static TaskInstance<PlannedFiring> task(JobKey key, PlannedFiring firing) {
    return new TaskInstance<>(key.label(), JobRows.instance(key), firing);
  }

  /** Plans nothing any more; what is under way goes on. */
  void cancel(JobKey key) {
    change(
        () -> {
          client.cancel(TaskInstanceId.of(key.label(), JobRows.instance(key)));
          return true;
        });
  }

  private boolean change(BooleanSupplier call) {
    while (true) {
      try {
        return call.getAsBoolean();
      } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException e) {
        return false;
      } catch (ExecutionException e) {
        // Somebody changed it between its two statements: look again.
        Thread.onSpinWait();
      } catch (RuntimeException e) {
        throw database.unavailable(e);
      }
    }
  }
}
