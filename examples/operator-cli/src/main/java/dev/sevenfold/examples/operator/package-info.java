/**
 * The operator's command line: a thin host of the library, for when the application cannot start.
 * Start from {@link dev.sevenfold.examples.operator.Sevenfold}.
 */
@NullMarked
package dev.sevenfold.examples.operator;

import org.jspecify.annotations.NullMarked;
