/**
 * The spine of a restore of one tenant. Each state is a value, and the only way to the next: {@code
 * Prepared}, {@code Planned}, {@code Announced}, {@code Applied}. Start from {@link
 * dev.sevenfold.backup.restore.Prepared}.
 */
@NullMarked
package dev.sevenfold.backup.restore;

import org.jspecify.annotations.NullMarked;
