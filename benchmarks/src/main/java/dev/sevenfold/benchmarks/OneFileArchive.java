package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.SystemPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An archive of a system that is one database. */
final class OneFileArchive {

  private static final SystemPlace PLACE =
      new SystemPlace(SystemPlace.Role.DATABASE, "shop", "shop.sqlite3");

  private OneFileArchive() {}

  static ArchiveManifest manifest(Path file) throws IOException, GeneralSecurityException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    long size;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    String digest = HexFormat.of().formatHex(sha256.digest());
    return new ArchiveManifest(
        Kind.SYSTEM,
        Purpose.BACKUP,
        Optional.empty(),
        Instant.EPOCH,
        new ArchiveManifest.Source("sqlite", "3", OptionalLong.empty(), digest),
        "benchmark",
        List.of(),
        List.of(new Entry(PLACE.databaseEntry(), size, digest)),
        List.of(),
        List.of(PLACE),
        List.of(),
        List.of(),
        OptionalLong.empty(),
        Optional.empty());
  }

  static void write(ArchiveManifest manifest, Path file, Path archive) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive)) {
      ArchiveWriter.withDefaults()
          .write(manifest, name -> Files.newInputStream(file), out, done -> {});
    }
  }
}
