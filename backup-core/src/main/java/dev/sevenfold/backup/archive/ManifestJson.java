package dev.sevenfold.backup.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A manifest as the bytes of {@code manifest.json}, and back. Thread-safe. */
final class ManifestJson {

  /** How long a manifest may be: it is held in memory as a whole. */
  static final int MOST_BYTES = 192 << 20;

  // Measured: names and digests take as much again once they are read, and lists are copied.
  private static final int HEAP_BY_BYTES = 4;
  private static final int HEAP_BY_ELEMENTS = 256;

  private static final int DEEPEST = 16;
  private static final int LONGEST_STRING = 16 << 20;
  private static final int LONGEST_MEMBER = 1_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names of a hostile manifest would stay in the JVM for ever.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MOST_BYTES)
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_STRING)
                  .maxNameLength(LONGEST_MEMBER)
                  .maxNumberLength(20)
                  .build())
          .build();

  private ManifestJson() {}

  /** How long a manifest may be for the memory that this Java may use, all of it. */
  static long bytesInMemory() {
    return Runtime.getRuntime().maxMemory() / HEAP_BY_BYTES;
  }

  /** How many elements its lists may have for that. */
  static long elementsInMemory() {
    return Runtime.getRuntime().maxMemory() / HEAP_BY_ELEMENTS;
  }

  static ArchiveNotReadable beyondMemory(String what) {
    return new ArchiveNotReadable(
        "The archive's manifest has %s for a Java with %d bytes of memory"
            .formatted(what, Runtime.getRuntime().maxMemory()),
        "It may well be sound: read it with more memory, -Xmx with Java");
  }

  /**
   * Reads a manifest.
   *
   * @throws ArchiveCorrupt if it is malformed
   * @throws ArchiveNotReadable if it is of a newer format
   */
  static ArchiveManifest read(byte[] bytes) {
    try {
      // Of its own, and first: a newer format may have changed everything else.
      long version = parser(bytes).formatVersion();
      if (version > ArchiveManifest.FORMAT_VERSION) {
        throw new ArchiveNotReadable(
            "The archive has format version %d; this library reads up to version %d"
                .formatted(version, ArchiveManifest.FORMAT_VERSION),
            "It may well be sound: read it with a newer version of Sevenfold");
      }
      if (version < 1) {
        throw Corrupt.archive("The archive's manifest has the format version " + version);
      }
      return parser(bytes).manifest(version);
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage(), e);
    } catch (IOException | IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()), e);
    }
  }

  private static ArchiveCorrupt malformed(String why, Exception cause) {
    return Corrupt.archive("The archive's manifest is malformed: " + why, cause);
  }

  private static ManifestParser parser(byte[] bytes) throws IOException {
    // A decoder of our own: Jackson would guess UTF-16 and UTF-32, and the JDK's default would
    // replace malformed bytes instead of refusing them.
    return new ManifestParser(
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder())));
  }

  /**
   * Writes a manifest. The same manifest gives the same bytes.
   *
   * @throws BackupRefused if it exceeds the bounds of the format, so that it could not be read back
   */
  static byte[] write(ArchiveManifest manifest) {
    try {
      byte[] bytes = ManifestPrinter.print(JSON, manifest);
      if (bytes.length > MOST_BYTES) {
        throw unreadable(
            "it has %d entries and would be %d bytes long, more than %d"
                .formatted(manifest.members(), bytes.length, MOST_BYTES));
      }
      // The reader has the last word on what can be read.
      if (!read(bytes).equals(manifest)) {
        throw unreadable("it reads back as another one");
      }
      return bytes;
    } catch (ArchiveCorrupt e) {
      throw unreadable(e.what());
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static BackupRefused unreadable(String why) {
    return new BackupRefused(
        "The manifest of this backup cannot be written so that it can be read",
        List.of(why),
        "Back up fewer files or tables at once");
  }
}
