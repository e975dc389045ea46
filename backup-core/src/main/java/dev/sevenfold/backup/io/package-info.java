/**
 * Files on disk, one home each: what is durable, who owns a file, its mode and times, digests,
 * interrupts. Start from {@link dev.sevenfold.backup.io.DurableFiles}.
 */
@NullMarked
package dev.sevenfold.backup.io;

import org.jspecify.annotations.NullMarked;
