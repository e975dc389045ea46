/**
 * Stores of archives and of jobs that live in memory: for tests and for first steps. They keep the
 * same contracts as the durable ones, and are gone with the process. Start from {@link
 * dev.sevenfold.backup.memory.InMemoryArchiveStore}.
 */
@NullMarked
package dev.sevenfold.backup.memory;

import org.jspecify.annotations.NullMarked;
