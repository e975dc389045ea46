/**
<<<<<<< HEAD
 * Implementations that forget everything with the process, for tests and first steps. Start from
 * {@link dev.sevenfold.backup.memory.InMemoryArchiveStore}.
=======
 * Stores that keep everything in memory: for tests and first steps. Start from {@link
 * dev.sevenfold.backup.memory.InMemoryJobStore}.
>>>>>>> schedule
 */
@NullMarked
package dev.sevenfold.backup.memory;

import org.jspecify.annotations.NullMarked;
