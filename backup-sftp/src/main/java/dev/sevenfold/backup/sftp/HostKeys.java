package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/** Which keys a server may identify itself with. Thread-safe. */
interface HostKeys {

  /**
   * The types of the keys that are known, so that the server is asked for one of those; empty if
   * any will do.
   *
   * @throws IOException if the keys cannot be read
   */
  List<String> types(String host, int port) throws IOException;

  /** Why a server with this key is not to be trusted; empty if it is. */
  Optional<LoginRefused> objection(String host, int port, PublicKey key);
}
