package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.source.OwnPlace;
import java.util.List;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.session.ClientSession;

/** How the account proves itself. Its text names the way, never the secret. Thread-safe. */
interface Login {

  /** The ways of SSH to try, in this order. */
  List<UserAuthFactory> ways();

  /**
   * Hands the secret to a session.
   *
   * @throws LoginRefused if it cannot be read
   */
  void offerTo(ClientSession session) throws LoginRefused;

  /** The files on this machine that hold the secret. */
  default List<OwnPlace> ownPlaces() {
    return List.of();
  }
}
