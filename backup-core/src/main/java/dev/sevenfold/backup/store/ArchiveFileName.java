package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Instant;
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

  // Versions before this one, which may use the same folder, look for a lock under this name.
  private static final String LOCK_PREFIX = ".claim-";

  private static final String RECORD_SUFFIX = ".marks.json";

  private static final String SAFETY_PREFIX = "safety_";

  /** What the library puts beside archives that are not one label's. */
  private static final String LIBRARY_PREFIX = ".sevenfold-";

  /** Says how archives lie in the folder; see {@link FolderLayout}. */
  static final String MARKER = LIBRARY_PREFIX + "store.json";

  /** Is there while archives are being moved into the folders of their owners. */
  static final String CONVERSION = LIBRARY_PREFIX + "converting";

  /** Right in the folder of an owner: the digests of the archives that were deleted. */
  static final String DELETED = LIBRARY_PREFIX + "deleted";

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

  /**
   * The label of the archive in a file of this name, with a folder in front or not; empty if it is
   * not an archive's.
   */
  static Optional<Label> labelOf(String name) {
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    // No label holds a suffix itself: it ends in a stamp and a number.
    for (String suffix :
        SUFFIXES) { // of thousands of names: a stream for each is what takes longest
      if (fileName.endsWith(suffix)) {
        return labelOf(fileName, "", suffix);
      }
    }
    return Optional.empty();
  }

  /** The label that a file with a record, or the lock of a label, is named after. */
  static Optional<Label> labelOfRecord(String fileName) {
    return labelOf(fileName, "", RECORD_SUFFIX);
  }

  /** See {@link #lockOf}. */
  static Optional<Label> labelOfLock(String fileName) {
    return labelOf(fileName, LOCK_PREFIX, "");
  }

  private static Optional<Label> labelOf(String fileName, String prefix, String suffix) {
    return fileName.startsWith(prefix) && fileName.endsWith(suffix)
        ? Label.tryParse(
            fileName.substring(
                prefix.length(), Math.max(prefix.length(), fileName.length() - suffix.length())))
        : Optional.empty();
  }

  /** The folder of the owner of an archive: {@code tenant_7}, or {@code system}. */
  static String folderOf(Label label) {
    String owner = label.value().substring(0, label.value().lastIndexOf('_'));
    return owner.startsWith(SAFETY_PREFIX)
        ? "tenant_" + owner.substring(SAFETY_PREFIX.length())
        : owner;
  }

  /** The folder of an owner; empty if no label can be made of it, so that it has no archives. */
  static Optional<String> folderOf(ArchiveOwner owner) {
    try {
      TenantLabeler labeler = TenantLabeler.utc();
      return Optional.of(
          folderOf(
              owner
                  .tenant()
                  .map(tenant -> labeler.relabel(tenant, Instant.EPOCH))
                  .orElseGet(() -> labeler.system(Instant.EPOCH))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a folder of this name is an owner's. */
  static boolean isFolderOfOwner(String name) {
    return Label.tryParse(name + "_1970-01-01")
        .filter(any -> folderOf(any).equals(name))
        .isPresent();
  }

  /** The name of the file with the record of an archive. */
  static String recordOf(Label label) {
    return label.value() + RECORD_SUFFIX;
  }

  /** The name of the file that gives its creator the right to bring a label into use. */
  static String lockOf(Label label) {
    return LOCK_PREFIX + label.value();
  }

  /**
   * Whether the store has made a file of this name, or may make one: all that goes with a label,
   * what says how archives lie in the folder, and what is remembered of those that went.
   */
  static boolean isOwn(String fileName) {
    if (isTemporary(fileName) || List.of(MARKER, CONVERSION, DELETED).contains(fileName)) {
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
    return fileName.startsWith(UPLOAD_PREFIX) || fileName.startsWith(LOCK_PREFIX);
  }
}
