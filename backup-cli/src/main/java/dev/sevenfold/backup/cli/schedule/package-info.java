/**
 * What an operator can say of schedules: one class a command. Start from {@link
 * dev.sevenfold.backup.cli.schedule.ScheduleCommands}.
 */
@NullMarked
package dev.sevenfold.backup.cli.schedule;

import org.jspecify.annotations.NullMarked;
