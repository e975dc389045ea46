/**
 * For those who write a store, a source or a host: contract suites that prove an implementation,
 * faults to inject and a clock to move. Start from {@link
 * dev.sevenfold.backup.testkit.ArchiveStoreContract}.
 */
@NullMarked
package dev.sevenfold.backup.testkit;

import org.jspecify.annotations.NullMarked;
