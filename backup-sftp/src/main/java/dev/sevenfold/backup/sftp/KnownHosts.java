package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a {@code known_hosts} file, read anew for each connection, so that a line added by
 * hand counts at once. Hashed names, {@code [host]:port}, patterns and {@code @revoked} are
 * understood; certificate authorities are not. Thread-safe.
 */
final class KnownHosts implements HostKeys {

  /**
   * A key of a host.
   *
   * @param revoked whether it must not be trusted any more
   */
  private record Known(PublicKey key, boolean revoked) {}

  private final Path file;

  KnownHosts(Path file) {
    this.file = file;
  }

  @Override
  public List<String> types(String host, int port) throws IOException {
    return known(host, port).stream()
        .filter(known -> !known.revoked)
        .map(known -> KeyUtils.getKeyType(known.key))
        .distinct()
        .toList();
  }

  @Override
  public Optional<LoginRefused> objection(String host, int port, PublicKey key) {
    List<Known> known;
    try {
      known = known(host, port);
    } catch (IOException e) {
      return Optional.of(unreadable(e));
    }
    boolean trusted = false;
    for (Known candidate : known) {
      if (KeyUtils.compareKeys(candidate.key, key)) {
        if (candidate.revoked) {
          return Optional.of(revoked(host, port, key));
        }
        trusted = true;
      }
    }
    if (trusted) {
      return Optional.empty();
    }
    return Optional.of(
        known.stream().allMatch(Known::revoked)
            ? unknown(host, port, key)
            : changed(host, port, key));
  }

  private List<Known> known(String host, int port) throws IOException {
    List<Known> known = new ArrayList<>();
    for (String line : lines()) {
      KnownHostEntry entry = parse(line);
      if (entry == null || !entry.isHostMatch(host, port)) {
        continue;
      }
      String marker = entry.getMarker();
      PublicKey key = key(entry);
      if (key != null && (marker == null || marker.equals("revoked"))) {
        known.add(new Known(key, marker != null));
      }
    }
    return known;
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file, UTF_8);
    } catch (NoSuchFileException e) {
      return List.of(); // nothing is known
    }
  }

  /** One broken line does not make the others worthless; ssh skips it, too. */
  private static @Nullable KnownHostEntry parse(String line) {
    try {
      return KnownHostEntry.parseKnownHostEntry(line);
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static @Nullable PublicKey key(KnownHostEntry entry) {
    try {
      return entry.getKeyEntry().resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      return null;
    }
  }

  private LoginRefused unknown(String host, int port, PublicKey key) {
    return new LoginRefused(
        "The host key of "
            + address(host, port)
            + " is not known: "
            + show(key)
            + " is not in "
            + file,
        "Compare it with the server's own (ssh-keygen -lf on its host key), then add this line to "
            + file
            + ": "
            + address(host, port)
            + " "
            + PublicKeyEntry.toString(key));
  }

  private LoginRefused changed(String host, int port, PublicKey key) {
    return new LoginRefused(
        "The host key of "
            + address(host, port)
            + " is another one than "
            + file
            + " has: "
            + show(key),
        "Somebody may be in between. Ask whoever runs the server; if it has a new key indeed,"
            + " replace its lines in "
            + file);
  }

  private LoginRefused revoked(String host, int port, PublicKey key) {
    return new LoginRefused(
        "The host key of " + address(host, port) + ", " + show(key) + ", is revoked in " + file,
        "Let whoever runs the server give it a new key");
  }

  private LoginRefused unreadable(IOException cause) {
    return new LoginRefused(
        "The known hosts in " + file + " cannot be read: " + cause,
        "Let the user that this process runs as read the file",
        cause);
  }

  /** As it is written in the file. */
  private static String address(String host, int port) {
    return port == 22 ? host : "[" + host + "]:" + port;
  }

  private static String show(PublicKey key) {
    return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(key);
  }

  @Override
  public String toString() {
    return "known hosts in " + file;
  }
}
