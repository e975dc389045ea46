package dev.sevenfold.backup.sftp;

import java.time.Duration;

/**
 * Everything that a store was told at its building. Its text holds no secret. Immutable.
 *
 * @param host the server's name or address
 * @param port its port
 * @param user the account
 * @param folder where the archives are, absolute or from the account's home
 * @param hostKeys who the server has to be
 * @param login how the account proves itself
 * @param connectTimeout how long connecting may take, and how long logging in
 * @param operationTimeout how long one request may stay unanswered
 * @param keepAlive how often an idle server is asked whether it is still there
 * @param attempts how often something is tried that a lost connection has broken off
 * @param firstPause how long to wait before the second attempt; each further one doubles it
 * @param uploads how many archives may be uploaded at a time
 * @param pause what waits between attempts
 */
record SftpSettings(
    String host,
    int port,
    String user,
    String folder,
    HostKeys hostKeys,
    Login login,
    Duration connectTimeout,
    Duration operationTimeout,
    Duration keepAlive,
    int attempts,
    Duration firstPause,
    int uploads,
    Retries.Pause pause) {

  /** The server, for messages. */
  String server() {
    return host + ":" + port;
  }

  /** The account on the server, for messages. */
  String account() {
    return user + "@" + server();
  }
}
