package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.tenant.Label;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a store in a folder names its files: the label, and a suffix that tells people and their
 * tools what is inside. The store itself does not care for the suffix.
 */
final class ArchiveFileName {

  /** All suffixes of archives. Where one label has several files, the first of these counts. */
  static final List<String> SUFFIXES = List.of(".tar.gz", ".tar.zst", ".age", ".archive");

  /** How many bytes of an archive's beginning are enough to choose a suffix. */
  static final int HEAD_LENGTH = 32;

  /** Files that are not finished, or that coordinate processes. Never listed. */
  private static final String UPLOAD_PREFIX = ".upload-";

  private static final String CLAIM_PREFIX = ".claim-";

  private static final String RECORD_SUFFIX = ".marks.json";

  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
  private static final byte[] AGE = "age-encryption.org/v1".getBytes(US_ASCII);

  private ArchiveFileName() {}

  /** A name that no other upload has. */
  static String newUpload() {
    return UPLOAD_PREFIX + UUID.randomUUID();
  }

  /** The suffix for an archive that begins with these bytes. */
  static String suffixFor(byte[] head) {
    if (startsWith(head, GZIP)) {
      return ".tar.gz";
    }
    if (startsWith(head, ZSTD)) {
      return ".tar.zst";
    }
    return startsWith(head, AGE) ? ".age" : ".archive";
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  /** The label of the archive in a file of this name; empty if it is not an archive's. */
  static Optional<Label> labelOf(String fileName) {
    // No label holds a suffix itself: it ends in a stamp and a number.
    return SUFFIXES.stream()
        .filter(fileName::endsWith)
        .findFirst()
        .map(suffix -> fileName.substring(0, fileName.length() - suffix.length()))
        .flatMap(Label::tryParse);
  }

  /** The name of the file with the record of an archive. */
  static String recordOf(Label label) {
    return label.value() + RECORD_SUFFIX;
  }

  /** The name of the file that gives its creator the right to bring a label into use. */
  static String claimOf(Label label) {
    return CLAIM_PREFIX + label.value();
  }

  /**
   * Whether the store has made a file of this name, or may make one: all that goes with a label.
   */
  static boolean isOwn(String fileName) {
    if (isTemporary(fileName)) {
      return true;
    }
    // A tenant's id may have dots, so each of them may be the end of the label.
    for (int dot = fileName.indexOf('.'); dot > 0; dot = fileName.indexOf('.', dot + 1)) {
      if (Label.tryParse(fileName.substring(0, dot)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a dead process may have left a file of this name behind. */
  static boolean isTemporary(String fileName) {
    return fileName.startsWith(UPLOAD_PREFIX) || fileName.startsWith(CLAIM_PREFIX);
  }
}
