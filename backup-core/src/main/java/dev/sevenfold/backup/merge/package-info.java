/**
 * What is to be written: the difference, what stands in its way, and the proof that nothing else is
 * touched. Start from {@link dev.sevenfold.backup.merge.RowDiff}.
 */
@NullMarked
package dev.sevenfold.backup.merge;

import org.jspecify.annotations.NullMarked;
