package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.store.ArchiveOwner;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a list needs of an archive's head. A manifest names every file, so it is not kept: whoever
 * needs all of it reads it again. Immutable.
 *
 * @param owner whose it is, as it says itself
 * @param capturedAt the instant of the snapshot
 * @param sequence the number of its publication, as it says itself
 * @param digest which archive it is
 * @param lack how much it lacks of what it should hold
 * @param bytes how many bytes its entries have
 * @param compression how it is compressed
 */
record KnownHead(
    ArchiveOwner owner,
    Instant capturedAt,
    OptionalLong sequence,
    ArchiveDigest digest,
    Lack lack,
    long bytes,
    Compression compression) {

  static KnownHead of(ArchiveHead head) {
    ArchiveManifest manifest = head.manifest();
    return new KnownHead(
        manifest.tenant().map(ArchiveOwner::tenant).orElseGet(ArchiveOwner::system),
        manifest.capturedAt(),
        manifest.sequence(),
        head.digest(),
        Lack.of(manifest),
        manifest.bytes(),
        head.compression());
  }
}
