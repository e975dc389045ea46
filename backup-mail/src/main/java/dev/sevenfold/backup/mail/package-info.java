/**
 * Mails about backups: a link for each tenant, a report after a restore, and what failed for the
 * operator. Start from {@link dev.sevenfold.backup.mail.BackupMailer}.
 */
@NullMarked
package dev.sevenfold.backup.mail;

import org.jspecify.annotations.NullMarked;
