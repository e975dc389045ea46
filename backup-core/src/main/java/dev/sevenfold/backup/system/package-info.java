/**
 * Trees of files and whole systems: walked, staged, swapped in and recovered. Start from {@link
 * dev.sevenfold.backup.system.SwapRun}.
 */
@NullMarked
package dev.sevenfold.backup.system;

import org.jspecify.annotations.NullMarked;
