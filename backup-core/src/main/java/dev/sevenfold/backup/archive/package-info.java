/**
 * The format of an archive: its manifest, how it is written, how it is read back and checked. Knows
 * nothing about where archives are kept. Specified in {@code docs/archive-format.md}; start from
 * {@link dev.sevenfold.backup.archive.ArchiveWriter} and {@link
 * dev.sevenfold.backup.archive.ArchiveReader}, which agree on an {@link
 * dev.sevenfold.backup.archive.ArchiveManifest}.
 */
@NullMarked
package dev.sevenfold.backup.archive;

import org.jspecify.annotations.NullMarked;
