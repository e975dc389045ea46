/**
 * When to back up, and what is done then; who does it is a job framework's business. A {@link
 * dev.sevenfold.backup.job.CronSchedule} says when; a {@link
 * dev.sevenfold.backup.job.BackupTenantJob} is what a framework calls, one firing of which makes
 * one backup; {@link dev.sevenfold.backup.job.Schedules} is what health asks a scheduler. Start
 * from the tenant's job.
 */
@NullMarked
package dev.sevenfold.backup.job;

import org.jspecify.annotations.NullMarked;
