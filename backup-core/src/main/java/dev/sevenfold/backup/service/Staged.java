package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.report.RestorePoint;
import java.nio.file.Path;

/**
 * An archive of the store that was read into a folder. Immutable.
 *
 * @param folder where its entries are
 * @param manifest what they were checked against
 * @param point what it is in the store
 */
record Staged(Path folder, ArchiveManifest manifest, RestorePoint point) {}
