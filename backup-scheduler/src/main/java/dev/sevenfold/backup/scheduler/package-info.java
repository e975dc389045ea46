/**
 * Runs the jobs of hosts that have no job framework: a thin layer over db-scheduler, which keeps
 * each tenant's schedule in a database that the host names. Start from the {@link
 * dev.sevenfold.backup.scheduler.BackupScheduler}.
 */
@NullMarked
package dev.sevenfold.backup.scheduler;

import org.jspecify.annotations.NullMarked;
