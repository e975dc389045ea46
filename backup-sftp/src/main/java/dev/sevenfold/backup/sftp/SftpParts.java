package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import java.util.OptionalLong;

/** What the calls of one store share. Immutable; its parts are thread-safe. */
record SftpParts(
    SftpSettings settings,
    Connections connections,
    Retries retries,
    RemoteFolder folder,
    RemoteMarks marks,
    RemoteListing listing,
    Leftovers leftovers) {

  private static final long FULL_BELOW_BYTES = 1 << 20;

  static SftpParts of(SftpSettings settings) {
    Connections connections = new Connections(settings);
    RemoteFolder folder = new RemoteFolder(settings.folder());
    RemoteMarks marks = new RemoteMarks(folder);
    return new SftpParts(
        settings,
        connections,
        new Retries(settings, connections),
        folder,
        marks,
        new RemoteListing(folder, marks),
        new Leftovers(folder, connections));
  }

  /**
   * OpenSSH does not say why a write failed; the space that is left tells. To be asked while what
   * was written is still there.
   */
  RequestRefused whenFull(RequestRefused refused) {
    try {
      Optional<Sftp> sftp = connections.ifConnected();
      OptionalLong free =
          sftp.isEmpty() ? OptionalLong.empty() : sftp.get().freeBytes(settings.folder());
      return free.isPresent() && free.getAsLong() < FULL_BELOW_BYTES
          ? refused.withFreeBytes(free.getAsLong())
          : refused;
    } catch (IOException e) {
      refused.addSuppressed(e);
      return refused;
    }
  }

  LabelClaim claim(Label label) {
    return new LabelClaim(folder, leftovers, retries, label);
  }

  /**
   * Requires that nothing has this label.
   *
   * @throws FileAlreadyExistsException if something has
   */
  void requireFree(Sftp sftp, Label label) throws IOException {
    if (listing.isTaken(sftp, label)) {
      throw new FileAlreadyExistsException(folder.path(label.value()));
    }
  }
}
