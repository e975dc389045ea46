package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.cli.run.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sevenfold schedule …}. */
@Command(
    name = "schedule",
    description = "Sets and looks at schedules; serve runs them.",
    subcommands = {ScheduleNext.class, ScheduleSet.class, ScheduleShow.class, ScheduleRemove.class})
public final class ScheduleCommands {
  @Mixin Context context;
}
