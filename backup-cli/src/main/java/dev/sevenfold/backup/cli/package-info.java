/**
 * The operator's command line: a thin host of the library, for when the application cannot start.
 * Start from {@link dev.sevenfold.backup.cli.Sevenfold}.
 */
@NullMarked
package dev.sevenfold.backup.cli;

import org.jspecify.annotations.NullMarked;
