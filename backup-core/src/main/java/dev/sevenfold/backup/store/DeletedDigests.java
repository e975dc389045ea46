package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The digests of the archives of a folder that were deleted: one small file in the folder of each
 * owner, also where the archives lie right in the root. A line for each, the last one last.
 * Thread-safe; of two processes that delete archives of one owner at the same moment the last one
 * wins, and what the other one would have remembered is asked for again.
 */
final class DeletedDigests {

  /** Of one owner: more than a backup each hour for a year. */
  static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(DeletedDigests.class);

  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Folder folder;

  DeletedDigests(Folder folder) {
    this.folder = folder;
  }

  /** Whether an archive of this owner with this digest was deleted. */
  boolean contain(ArchiveOwner owner, ArchiveDigest digest) throws IOException {
    Optional<String> own =
        owner.equals(ArchiveOwner.anyone()) ? Optional.empty() : ArchiveFileName.folderOf(owner);
    return own.isPresent() && read(file(own.get())).contains(digest.hex());
  }

  /**
   * Deletes an archive and remembers its digest, durably, as far as that can be done: a disk that
   * is full is no reason to keep the archive.
   */
  void remembering(Optional<ArchiveDigest> digest, Label label, LabelLocks.Action deletion)
      throws IOException {
    // Before: a kill in between would leave neither. Where there is no room, there may be after it.
    boolean missed = digest.isPresent() && add(digest.get(), label).isPresent();
    deletion.run();
    Optional<IOException> failure = missed ? add(digest.get(), label) : Optional.empty();
    failure.ifPresent(
        e ->
            LOG.warn(
                "{} was deleted from {}, and its digest could not be noted ({}). A copy of it that"
                    + " comes back is not known, unless it is signed",
                label,
                folder.describe(),
                e.toString()));
  }

  private Optional<IOException> add(ArchiveDigest digest, Label label) {
    try {
      String file = file(ArchiveFileName.folderOf(label));
      List<String> digests = read(file);
      if (digests.contains(digest.hex())) {
        return Optional.empty();
      }
      digests.add(digest.hex());
      List<String> last = digests.subList(Math.max(0, digests.size() - MOST), digests.size());
      folder.replace(file, (String.join("\n", last) + "\n").getBytes(US_ASCII));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private static String file(String owner) {
    return owner + "/" + ArchiveFileName.DELETED;
  }

  /** As a stream: of a small file a server gives only so many bytes. */
  private List<String> read(String name) throws IOException {
    Folder.Entry file = folder.stat(List.of(name)).get(name);
    if (file == null) {
      return new ArrayList<>();
    }
    if (!file.regular() || file.sizeBytes() > MOST_BYTES) {
      throw new IOException(name + " is not what was written there; remove it");
    }
    try (InputStream in = folder.openAt(name, 0, file.sizeBytes())) {
      List<String> digests = new ArrayList<>();
      new String(in.readAllBytes(), US_ASCII)
          .lines()
          .filter(line -> DIGEST.matcher(line).matches())
          .forEach(digests::add);
      return digests;
    }
  }
}
