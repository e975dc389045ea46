package dev.sevenfold.examples.operator;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands {@code sevenfold schedule …}. */
@Command(
    name = "schedule",
    description = "Looks at schedules.",
    subcommands = {ScheduleNext.class})
final class ScheduleCommands {
  @Mixin Context context;
}
