package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Gives one archive another label. A lost connection on the way is made good: the claim on the new
 * label is still held then, so what is found under it is what an earlier attempt put there. Use
 * from one thread, once.
 */
final class Relabelling {

  private final SftpParts parts;
  private final Label from;
  private final Label to;
  private boolean renameSent;
  private Optional<Marks> copied = Optional.empty();

  Relabelling(SftpParts parts, Label from, Label to) {
    this.parts = parts;
    this.from = from;
    this.to = to;
  }

  /**
   * Does it.
   *
   * @throws NoSuchFileException if there is no archive
   * @throws java.nio.file.FileAlreadyExistsException if the new label is in use
   */
  StoredArchive run() throws IOException {
    if (parts.retries().run(sftp -> parts.listing().file(sftp, from)).isEmpty()) {
      throw new NoSuchFileException(from.value());
    }
    // The old label too: whoever brought it into use again meanwhile would lose his marks to this.
    try (LabelClaim old = parts.claim(from);
        LabelClaim claim = parts.claim(to)) {
      return parts.retries().run(sftp -> attempt(sftp, old, claim));
    }
  }

  private StoredArchive attempt(Sftp sftp, LabelClaim old, LabelClaim claim) throws IOException {
    if (!from.equals(to)) {
      old.await(sftp);
    }
    Optional<RemoteListing.Found> source = parts.listing().file(sftp, from);
    if (source.isEmpty() && !renameSent) {
      throw new NoSuchFileException(from.value());
    }
    claim.take(sftp);
    if (source.isPresent()) {
      rename(sftp, source.get());
    }
    parts.marks().move(sftp, from, to, copied);
    return parts.listing().find(sftp, to).orElseThrow(() -> new NoSuchFileException(from.value()));
  }

  /** Marks go first and come last: whenever this is cut off, a pin is there under both labels. */
  private void rename(Sftp sftp, RemoteListing.Found source) throws IOException {
    parts.requireFree(sftp, to);
    String target = to.value() + source.name().substring(from.value().length());
    copied = parts.marks().copy(sftp, from, to);
    renameSent = true;
    try {
      parts.folder().rename(sftp, source.name(), target);
    } catch (RequestRefused e) {
      parts.marks().delete(sftp, to);
      throw explained(sftp, target, e);
    }
    parts.folder().sync(sftp, target);
  }

  private IOException explained(Sftp sftp, String target, RequestRefused refused)
      throws IOException {
    if (refused.isMissing()) {
      return new NoSuchFileException(from.value());
    }
    if (refused.isTaken() || parts.folder().look(sftp, target).isPresent()) {
      return new FileAlreadyExistsException(target);
    }
    return refused;
  }
}
