/**
 * Nothing half done after a kill: the journal of a restore, its recovery, and the locks of tenants.
 * Start from {@link dev.sevenfold.backup.journal.RestoreJournal}.
 */
@NullMarked
package dev.sevenfold.backup.journal;

import org.jspecify.annotations.NullMarked;
