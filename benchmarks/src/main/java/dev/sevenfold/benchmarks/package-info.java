/**
 * Comparisons with what one would do without the library. Start from {@link
 * dev.sevenfold.benchmarks.Benchmarks}.
 */
@NullMarked
package dev.sevenfold.benchmarks;

import org.jspecify.annotations.NullMarked;
