/**
 * The files that rows name: found for a backup, planned and renamed for a restore. Start from
 * {@link dev.sevenfold.backup.files.TenantFiles}.
 */
@NullMarked
package dev.sevenfold.backup.files;

import org.jspecify.annotations.NullMarked;
