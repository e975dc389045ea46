/**
 * The commands that look into a tenant's restore points and change nothing. Start at {@link
 * dev.sevenfold.backup.cli.history.TenantFind}.
 */
@NullMarked
package dev.sevenfold.backup.cli.history;

import org.jspecify.annotations.NullMarked;
