/**
 * The spine of a restore of one tenant: prepared, planned, applied. Start from {@link
 * dev.sevenfold.backup.restore.SqliteRestore}.
 */
@NullMarked
package dev.sevenfold.backup.restore;

import org.jspecify.annotations.NullMarked;
