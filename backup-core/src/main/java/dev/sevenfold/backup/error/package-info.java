/**
 * What can go wrong, named by what the caller can do about it. Start from {@link
 * dev.sevenfold.backup.error.BackupException}.
 */
@NullMarked
package dev.sevenfold.backup.error;

import org.jspecify.annotations.NullMarked;
