/**
 * Where archives are kept. {@link dev.sevenfold.backup.store.ArchiveStore} is the contract to
 * implement; its contract suite is in {@code backup-testkit}.
 */
@NullMarked
package dev.sevenfold.backup.store;

import org.jspecify.annotations.NullMarked;
