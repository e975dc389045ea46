package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.FolderArchiveStore;
import java.time.Duration;

/**
 * Keeps archives as files of a folder on another machine, over SFTP. Thread-safe, and safe with
 * other processes that use the same folder through this class.
 *
 * <pre>{@code
 * ArchiveStore store =
 *     SftpArchiveStore.builder("backup.example", "app", "/srv/backups")
 *         .privateKey(Path.of("/etc/app/id_ed25519"))
 *         .knownHosts(Path.of("/etc/app/known_hosts"))
 *         .build();
 * }</pre>
 *
 * <p>The folder looks like that of a {@code DirectoryArchiveStore}, see {@link FolderArchiveStore};
 * either kind of store reads a folder that the other has written.
 *
 * <p>An upload is written to {@code .upload-<random>}, mode {@code 600} while it is still empty,
 * synced to the server's disk, and then linked to its name, which never replaces anything. What the
 * server lacks of OpenSSH's extensions is done the next best way; {@code docs/sftp.md} says which.
 *
 * <p>All calls share one connection, which is made at the first call and made anew when it was
 * lost. A call that a lost connection breaks off is tried again, unless it has begun to read the
 * content of an upload. No call waits for a silent server longer than the timeouts; a host key that
 * is unknown or has changed, a key that the server does not take and a permission that is missing
 * are reported at once. Each is a {@link dev.sevenfold.backup.error.StoreUnavailable} that says
 * what to do.
 *
 * <p>A few uploads go on at a time; others wait for them. Content must therefore not publish to the
 * store that it is being published to. After {@link #close} every call throws {@link
 * IllegalStateException}.
 */
public final class SftpArchiveStore extends FolderArchiveStore {

  /** Longer than anybody is at work on a label who is alive. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LEFTOVER_AGE = Duration.ofHours(6);

  SftpArchiveStore(SftpSettings settings) {
    super(new SftpFolder(settings), PATIENCE, LEFTOVER_AGE);
  }

  /**
   * Begins a store in a folder of a server. Nothing is connected before the first call.
   *
   * @param host the server's name or address
   * @param user the account there
   * @param folder the folder for the archives, absolute or from where the account's session starts,
   *     which is its home unless the server says otherwise, and which {@code ~} stands for; created
   *     when the first archive is published, if the one above it is there
   * @throws IllegalArgumentException if one of them is blank, or the folder names another account's
   *     home, as {@code ~other} does
   */
  public static SftpArchiveStoreBuilder builder(String host, String user, String folder) {
    return new SftpArchiveStoreBuilder(host, user, folder);
  }
}
