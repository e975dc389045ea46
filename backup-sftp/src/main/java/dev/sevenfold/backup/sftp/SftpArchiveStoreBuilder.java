package dev.sevenfold.backup.sftp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link SftpArchiveStore}. Required are a server, an account, a folder and one way to
 * log in; the server's host key is checked against {@code ~/.ssh/known_hosts} unless another way to
 * check it is chosen. Use from one thread.
 */
public final class SftpArchiveStoreBuilder {

  private static final Duration LONGEST = Duration.ofHours(1);

  private final String host;
  private final String user;
  private final String folder;
  private int port = 22;
  private @Nullable HostKeys hostKeys;
  private @Nullable Login login;
  private Duration connectTimeout = Duration.ofSeconds(15);
  private Duration operationTimeout = Duration.ofSeconds(30);
  private Duration keepAlive = Duration.ofSeconds(10);
  private int attempts = 3;
  private Duration firstPause = Duration.ofSeconds(1);
  private int uploads = 4;
  private Retries.Pause pause = duration -> Thread.sleep(duration.toMillis());

  SftpArchiveStoreBuilder(String host, String user, String folder) {
    this.host = requireText("host", host);
    this.user = requireText("user", user);
    this.folder = fromHome(withoutSlashAtEnd(requireText("folder", folder)));
  }

  private static String requireText(String name, String value) {
    Objects.requireNonNull(value, name);
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The " + name + " \"" + value + "\" is blank or holds control characters");
    }
    return value;
  }

  private static String withoutSlashAtEnd(String path) {
    String rest = path;
    while (rest.length() > 1 && rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    return rest;
  }

  /** A session starts at the account's home, and SFTP itself knows no other name for it. */
  private static String fromHome(String path) {
    if (!path.startsWith("~")) {
      return path;
    }
    String rest = path.substring(1).replaceFirst("^/+", "");
    if (rest.isEmpty()) {
      return ".";
    }
    if (path.charAt(1) != '/') {
      throw new IllegalArgumentException(
          ("The folder \"%s\" begins with another account's home, which SFTP cannot find: write its"
                  + " whole path, or \"./%s\" if that is its name")
              .formatted(path, path));
    }
    return rest;
  }

  /** The server's port. Default: 22. */
  public SftpArchiveStoreBuilder port(int number) {
    if (number < 1 || number > 65_535) {
      throw new IllegalArgumentException("Port " + number + " is not between 1 and 65535");
    }
    port = number;
    return this;
  }

  /**
   * Trusts the keys that this file has for the host, in the format of OpenSSH. It is read at each
   * connection. Default: {@code ~/.ssh/known_hosts} of the user that this process runs as.
   */
  public SftpArchiveStoreBuilder knownHosts(Path file) {
    return check(new KnownHosts(Objects.requireNonNull(file, "file")));
  }

  /**
   * Trusts this host key alone.
   *
   * @param key its fingerprint, {@code SHA256:…}, as {@code ssh-keygen -lf} shows it; or the key
   *     itself, {@code ssh-ed25519 AAAA…}, as it stands in the server's {@code .pub} file, which
   *     also works with a server that has keys of several types
   */
  public SftpArchiveStoreBuilder hostKey(String key) {
    return check(PinnedHostKey.parse(Objects.requireNonNull(key, "key")));
  }

  /**
   * Trusts whoever answers. Somebody in between can then read every archive, and replace it. For
   * tests against a server that was started a moment ago.
   */
  public SftpArchiveStoreBuilder acceptAnyHostKeyDangerously() {
    return check(new AnyHostKey());
  }

  private SftpArchiveStoreBuilder check(HostKeys chosen) {
    if (hostKeys != null) {
      throw new IllegalStateException(
          "The server is to be checked by " + hostKeys + " and by " + chosen + ": choose one");
    }
    hostKeys = chosen;
    return this;
  }

  /**
   * Logs in with the private key in this file: ed25519, ECDSA or RSA, in OpenSSH's format or PEM.
   */
  public SftpArchiveStoreBuilder privateKey(Path file) {
    return login(new KeyLogin(Objects.requireNonNull(file, "file"), null));
  }

  /**
   * Logs in with the encrypted private key in this file.
   *
   * @param passphrase asked for at each login; the array that it gives is overwritten after use
   */
  public SftpArchiveStoreBuilder privateKey(Path file, Supplier<char[]> passphrase) {
    return login(
        new KeyLogin(
            Objects.requireNonNull(file, "file"),
            Objects.requireNonNull(passphrase, "passphrase")));
  }

  /**
   * Logs in with a password. A key is the better choice: a password is given to the server.
   *
   * @param password asked for at each login; the array that it gives is overwritten after use
   */
  public SftpArchiveStoreBuilder password(Supplier<char[]> password) {
    return login(new PasswordLogin(Objects.requireNonNull(password, "password")));
  }

  private SftpArchiveStoreBuilder login(Login chosen) {
    if (login != null) {
      throw new IllegalStateException(
          "The login is to be by " + login + " and by " + chosen + ": choose one");
    }
    login = chosen;
    return this;
  }

  /** How long connecting may take, and how long logging in. Default: 15 s. */
  public SftpArchiveStoreBuilder connectTimeout(Duration timeout) {
    connectTimeout = requireSpan("connect timeout", timeout);
    return this;
  }

  /**
   * How long the server may leave one request unanswered before it is taken for gone. A request is
   * small, whatever the size of the archive; only writing an upload out to the disk may take ten
   * times as long. Default: 30 s.
   */
  public SftpArchiveStoreBuilder operationTimeout(Duration timeout) {
    operationTimeout = requireSpan("operation timeout", timeout);
    return this;
  }

  /**
   * How often the server is asked whether it is still there; it is taken for gone when it has left
   * two questions unanswered. Default: 10 s.
   */
  public SftpArchiveStoreBuilder keepAlive(Duration interval) {
    keepAlive = requireSpan("keep-alive interval", interval);
    return this;
  }

  /**
   * How often a call is tried that a lost connection has broken off.
   *
   * @param number of attempts, 1 for no second one. Default: 3
   * @param firstPauseBetween how long to wait before the second attempt; each further pause is
   *     twice as long. Default: 1 s
   */
  public SftpArchiveStoreBuilder attempts(int number, Duration firstPauseBetween) {
    if (number < 1 || number > 10) {
      throw new IllegalArgumentException("The attempts, " + number + ", are not between 1 and 10");
    }
    attempts = number;
    firstPause = requireSpan("first pause", firstPauseBetween);
    return this;
  }

  /**
   * How many archives may be uploaded at a time. Each takes a session of the connection, beside the
   * one that everything else shares; OpenSSH allows ten ({@code MaxSessions}). Where a server
   * allows no further one, the upload gets a connection of its own. Default: 4.
   */
  public SftpArchiveStoreBuilder uploads(int atATime) {
    if (atATime < 1 || atATime > 100) {
      throw new IllegalArgumentException(
          "The uploads at a time, " + atATime + ", are not between 1 and 100");
    }
    uploads = atATime;
    return this;
  }

  /** Waits between attempts by other means than sleeping. */
  SftpArchiveStoreBuilder pausingBy(Retries.Pause otherPause) {
    pause = otherPause;
    return this;
  }

  private static Duration requireSpan(String name, Duration value) {
    Objects.requireNonNull(value, name);
    if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "The %s, %s, is not between 1 ms and %s", name, value, LONGEST));
    }
    return value;
  }

  /**
   * The store. Nothing is connected before its first call.
   *
   * @throws IllegalStateException if no way to log in was chosen, or one silent server could
   *     outlast what the timeouts promise
   */
  public SftpArchiveStore build() {
    return new SftpArchiveStore(settings());
  }

  SftpSettings settings() {
    Login chosenLogin = login;
    if (chosenLogin == null) {
      throw new IllegalStateException(
          "No login for " + user + "@" + host + ": choose privateKey(…) or password(…)");
    }
    HostKeys chosenKeys = hostKeys == null ? new KnownHosts(defaultKnownHosts()) : hostKeys;
    return new SftpSettings(
        host,
        port,
        user,
        folder,
        chosenKeys,
        chosenLogin,
        connectTimeout,
        operationTimeout,
        keepAlive,
        attempts,
        firstPause,
        uploads,
        pause);
  }

  private static Path defaultKnownHosts() {
    return Path.of(System.getProperty("user.home"), ".ssh", "known_hosts");
  }

  /** Everything that was chosen, without secrets. */
  @Override
  public String toString() {
    return "SFTP store " + user + "@" + host + ":" + port + " folder " + folder;
  }
}
