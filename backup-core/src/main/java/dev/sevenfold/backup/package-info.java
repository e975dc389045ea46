/**
 * Backups of single tenants out of a shared database, and their restore while everybody else goes
 * on. Start from {@link dev.sevenfold.backup.BackupService}.
 */
@NullMarked
package dev.sevenfold.backup;

import org.jspecify.annotations.NullMarked;
