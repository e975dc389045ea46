/**
 * Stores that keep everything in memory: for tests and first steps. Start from {@link
 * dev.sevenfold.backup.memory.InMemoryJobStore}.
 */
@NullMarked
package dev.sevenfold.backup.memory;

import org.jspecify.annotations.NullMarked;
