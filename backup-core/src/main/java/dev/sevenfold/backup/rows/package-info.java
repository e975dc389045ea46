/**
 * Whose rows are they? The one relation that decides what is copied, kept and proved. Start from
 * {@link dev.sevenfold.backup.rows.Owners}.
 */
@NullMarked
package dev.sevenfold.backup.rows;

import org.jspecify.annotations.NullMarked;
