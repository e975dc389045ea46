/** When to back up. Start from {@link dev.sevenfold.backup.schedule.CronSchedule}. */
@NullMarked
package dev.sevenfold.backup.schedule;

import org.jspecify.annotations.NullMarked;
