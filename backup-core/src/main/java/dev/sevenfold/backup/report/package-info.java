/**
 * What hosts are told: restore points, reports, outcomes of runs, and the listener. Start from
 * {@link dev.sevenfold.backup.report.BackupListener}.
 */
@NullMarked
package dev.sevenfold.backup.report;

import org.jspecify.annotations.NullMarked;
