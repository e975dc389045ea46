package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the server, each checked and logged in. Nothing but the settings counts: no
 * {@code ~/.ssh/config}, no key that happens to lie about. Use from one thread at a time.
 */
final class Connector implements AutoCloseable {

  /** Two questions without an answer, and the server is taken for gone. */
  private static final int UNANSWERED_KEEP_ALIVES = 2;

  private final SftpSettings settings;
  private final AtomicReference<@Nullable LoginRefused> objection = new AtomicReference<>();
  private @Nullable SshClient client;

  Connector(SftpSettings settings) {
    this.settings = settings;
  }

  /**
   * A new connection.
   *
   * @throws LoginRefused if one side does not trust the other
   * @throws ConnectionLost if the server cannot be reached now
   */
  ClientSession connect() throws IOException {
    SshClient ssh = client == null ? start() : client;
    ssh.setSignatureFactories(signatures(ssh.getSignatureFactories()));
    objection.set(null);
    ClientSession session = connect(ssh);
    try {
      settings.login().offerTo(session);
      authenticate(session);
      return session;
    } catch (IOException | RuntimeException e) {
      session.close(true);
      throw e;
    }
  }

  private ClientSession connect(SshClient ssh) throws IOException {
    // Resolved here: the library fails with an unchecked exception.
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new ConnectionLost("The host name " + settings.host() + " is not known");
    }
    ConnectFuture connecting = ssh.connect(settings.user(), address);
    if (!Waiting.forEnd(connecting, settings.connectTimeout())) {
      connecting.cancel();
      throw unanswered();
    }
    if (!connecting.isConnected()) {
      Throwable cause = connecting.getException();
      throw new ConnectionLost(settings.server() + " cannot be reached: " + reason(cause), cause);
    }
    return connecting.getSession();
  }

  private void authenticate(ClientSession session) throws IOException {
    AuthFuture auth;
    try {
      auth = session.auth();
    } catch (IOException | RuntimeException e) { // unchecked where the server has hung up by now
      throw lostAtLogin(session, e);
    }
    boolean done = Waiting.forEnd(auth, settings.connectTimeout());
    LoginRefused refused = objection.get();
    if (refused != null) {
      throw refused;
    }
    if (!done) {
      throw session.getServerVersion() == null ? notKnownToSpeak() : unanswered();
    }
    if (auth.isSuccess()) {
      return;
    }
    Throwable cause = auth.getException();
    if (cause == null || isRefusal(cause)) {
      throw new LoginRefused(
          settings.server() + " does not let " + settings.user() + " in with " + settings.login(),
          "Check the user and the secret; for a key, that its public half is in the account's"
              + " authorized_keys",
          cause);
    }
    throw lostAtLogin(session, cause);
  }

  private ConnectionLost notKnownToSpeak() {
    return new ConnectionLost(
        settings.server()
            + " did not answer for "
            + Waiting.text(settings.connectTimeout())
            + ", and has not said that it speaks SSH",
        "Check host and port: it may be an FTP server, or another one, that answers there. If they"
            + " are right, the server hangs: try again later",
        null);
  }

  private ConnectionLost lostAtLogin(ClientSession session, Throwable cause) {
    if (session.getServerVersion() == null) {
      return new ConnectionLost(
          settings.server() + " hung up before it said that it speaks SSH: " + reason(cause),
          "Check host and port; if they are right, see in the server's log why it turns this"
              + " machine away (fail2ban, MaxStartups), then try again",
          cause);
    }
    return new ConnectionLost(
        "The connection to " + settings.server() + " was lost at login: " + reason(cause), cause);
  }

  private ConnectionLost unanswered() {
    return new ConnectionLost(
        settings.server() + " did not answer for " + Waiting.text(settings.connectTimeout()));
  }

  private static boolean isRefusal(Throwable cause) {
    if (!(cause instanceof SshException refusal)) {
      return false;
    }
    // OpenSSH hangs up with a code of its own where it has seen enough wrong keys.
    String message = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
    return refusal.getDisconnectCode()
            == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
        || message.contains("too many authentication failures");
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "no reason given";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private SshClient start() {
    SshClient ssh = SshClient.setUpDefaultClient();
    ssh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    ssh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    ssh.setAgentFactory(null);
    ssh.setUserAuthFactories(new ArrayList<>(settings.login().ways()));
    ssh.setKeyExchangeFactories(quickestFirst(ssh.getKeyExchangeFactories()));
    ssh.setCipherFactories(fastestFirst(ssh.getCipherFactories()));
    ssh.setServerKeyVerifier((session, address, key) -> isTrusted(key));
    // Most requests are small and wait for their answer: held back to be sent along with the next
    // one, each would take 40 ms longer.
    CoreModuleProperties.TCP_NODELAY.set(ssh, true);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(ssh, settings.keepAlive());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(ssh, UNANSWERED_KEEP_ALIVES);
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(ssh, settings.connectTimeout());
    // The library's own timer only comes in where the caller's has not.
    CoreModuleProperties.AUTH_TIMEOUT.set(ssh, settings.connectTimeout().multipliedBy(2));
    // A backup may take its time between two bytes; a dead server is found by the heartbeat.
    CoreModuleProperties.IDLE_TIMEOUT.set(ssh, Duration.ZERO);
    ssh.start();
    client = ssh;
    return ssh;
  }

  private boolean isTrusted(PublicKey key) {
    settings.hostKeys().objection(settings.host(), settings.port(), key).ifPresent(objection::set);
    return objection.get() == null;
  }

  /**
   * Of the two families that hold out against a quantum computer, ML-KEM takes a third of the time
   * of NTRU Prime, which the library asks for first: 60 ms of a processor instead of 200.
   */
  private static List<KeyExchangeFactory> quickestFirst(List<KeyExchangeFactory> exchanges) {
    return exchanges.stream()
        .sorted(Comparator.comparing(exchange -> !exchange.getName().startsWith("mlkem768x25519")))
        .toList();
  }

  /** AES-GCM is in every CPU; the library prefers ChaCha20, which takes twice the time and more. */
  private static List<NamedFactory<Cipher>> fastestFirst(List<NamedFactory<Cipher>> ciphers) {
    return ciphers.stream()
        .sorted(Comparator.comparing(cipher -> !cipher.getName().contains("-gcm")))
        .toList();
  }

  /**
   * Keys of known types first: a server with several keys shows the first that is asked for, and an
   * unknown one looks like a changed one. Certificates are not understood, so not asked for.
   */
  private List<NamedFactory<Signature>> signatures(List<NamedFactory<Signature>> all)
      throws LoginRefused {
    List<String> known;
    try {
      known = settings.hostKeys().types(settings.host(), settings.port());
    } catch (IOException e) {
      throw new LoginRefused(
          "The " + settings.hostKeys() + " cannot be read: " + Printable.reason(e),
          "Let the user that this process runs as read the file",
          e);
    }
    return all.stream()
        .filter(signature -> !signature.getName().contains("-cert-"))
        .sorted(
            Comparator.comparing(
                signature -> !known.contains(KeyUtils.getCanonicalKeyType(signature.getName()))))
        .toList();
  }

  @Override
  public void close() {
    if (client != null) {
      client.stop();
      client = null;
    }
  }
}
