package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/** What the calls of one store share. Immutable; its parts are thread-safe. */
record SftpParts(
    SftpSettings settings,
    Connections connections,
    Retries retries,
    RemoteFolder folder,
    RemoteMarks marks,
    RemoteListing listing,
    Leftovers leftovers) {

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

  LabelClaim claim(Label label) {
    return new LabelClaim(folder, leftovers, label);
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
