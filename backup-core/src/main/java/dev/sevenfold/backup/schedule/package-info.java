/**
 * When to back up, and who does it. A {@link dev.sevenfold.backup.schedule.CronSchedule} says when;
 * a {@link dev.sevenfold.backup.schedule.BackupTenantJob} is what a job framework calls; a {@link
 * dev.sevenfold.backup.schedule.BackupScheduler} runs jobs for hosts that have no framework, and
 * keeps them in a {@link dev.sevenfold.backup.schedule.JobStore}. Start from the scheduler.
 */
@NullMarked
package dev.sevenfold.backup.schedule;

import org.jspecify.annotations.NullMarked;
