package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.job.JobKey;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schedule remove}: a tenant, or the system, is backed up by nobody any more. */
@Command(
    name = "remove",
    description = "Forgets a schedule and its history; the archives stay. Ends with: removed")
final class ScheduleRemove implements Callable<Integer> {

  @Mixin ConfigContext context;

  @ArgGroup(multiplicity = "1")
  ScheduleOwner owner;

  @Override
  public Integer call() {
    Config config = context.config();
    boolean removed = owner.lookUp(context, config, key -> remove(config, key), done -> !done);
    if (!removed) {
      throw new BackupRefused(
          "There is no schedule of "
              + ScheduleOwner.job(owner.tenant).key()
              + " in "
              + config.jobs().database(),
          List.of(),
          "Look with: sevenfold schedule show");
    }
    context.shell().print("removed");
    return ExitCode.DONE;
  }

  private boolean remove(Config config, JobKey key) {
    return Jobs.look(
        config,
        context.shell(),
        scheduler -> scheduler.filter(jobs -> jobs.remove(key)).isPresent());
  }
}
