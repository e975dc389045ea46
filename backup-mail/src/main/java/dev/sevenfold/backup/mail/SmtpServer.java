package dev.sevenfold.backup.mail;

import jakarta.mail.Session;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Where mail is handed in, and how. The connection is encrypted and the server's certificate, its
 * host name included, is verified; a server that cannot do either gets no mail. Immutable.
 */
public final class SmtpServer {

  /** How the connection is protected. */
  public enum Security {
    /** Encrypted before anything is said, after a greeting: usually port 587. */
    STARTTLS,
    /** Encrypted from the first byte: usually port 465. */
    TLS,
    /** Not at all, for a relay on this machine alone. */
    LOOPBACK
  }

  record Login(String user, String password) {}

  private static final Set<String> LOOPBACK_HOSTS =
      Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  final String host;
  final int port;
  final Optional<Login> login;
  private final Security security;
  private final Properties properties;

  private SmtpServer(Builder builder) {
    host = builder.host;
    port = builder.port;
    security = builder.security;
    login = builder.login;
    properties = new Properties();
    properties.putAll(builder.properties);
  }

  /** A server that turns to TLS by STARTTLS, which is required. */
  public static Builder startTls(String host, int port) {
    return new Builder(host, port, Security.STARTTLS);
  }

  /** A server that speaks TLS from the first byte. */
  public static Builder tls(String host, int port) {
    return new Builder(host, port, Security.TLS);
  }

  /**
   * A relay on this machine, without encryption and without a login.
   *
   * @param host {@code localhost}, {@code 127.0.0.1} or {@code ::1}
   * @throws IllegalArgumentException if it is another host
   */
  public static Builder loopback(String host, int port) {
    if (!LOOPBACK_HOSTS.contains(host)) {
      throw new IllegalArgumentException(
          "Mail leaves this machine encrypted alone, and %s is not one of %s; use startTls or tls"
              .formatted(host, LOOPBACK_HOSTS.stream().sorted().toList()));
    }
    return new Builder(host, port, Security.LOOPBACK);
  }

  /** A session in which mail is handed in to this server. */
  Session session() {
    return Session.getInstance(properties);
  }

  /** Where it is, for messages. */
  String where() {
    return host + ":" + port;
  }

  /** Where and how, without the login. */
  @Override
  public String toString() {
    return "SmtpServer[" + where() + ", " + security + "]";
  }

  /** Collects the parts of a server. Use from one thread. */
  public static final class Builder {

    private final String host;
    private final int port;
    private final Security security;
    private Optional<Login> login = Optional.empty();
    private final Properties properties = new Properties();

    private Builder(String host, int port, Security security) {
      this.host = OneLine.require("The host of the mail server", host);
      if (host.isBlank()) {
        throw new IllegalArgumentException("The mail server needs the name of a host");
      }
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "The port of the mail server is between 1 and 65535, not " + port);
      }
      this.port = port;
      this.security = security;
      put("host", host);
      put("port", port);
      put("auth", false);
      put("starttls.enable", security == Security.STARTTLS);
      put("starttls.required", security == Security.STARTTLS);
      put("ssl.enable", security == Security.TLS);
      put("ssl.checkserveridentity", true);
      put("ssl.protocols", "TLSv1.3 TLSv1.2");
      // Without time-outs, a server that stops to answer holds the thread for ever.
      timeouts(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    private void put(String name, Object value) {
      properties.put("mail.smtp." + name, value.toString());
    }

    /**
     * Who hands mail in. Default: nobody in particular.
     *
     * @throws IllegalArgumentException if the connection is not encrypted
     */
    public Builder login(String user, String password) {
      if (security == Security.LOOPBACK) {
        throw new IllegalArgumentException(
            "A password is sent encrypted alone; use startTls or tls, or no login");
      }
      this.login =
          Optional.of(
              new Login(
                  OneLine.require("The user of the mail server", user),
                  Objects.requireNonNull(password, "password")));
      put("auth", true);
      return this;
    }

    /**
     * Whom to trust, where the server's certificate is of the host's own. Default: as Java does.
     */
    public Builder trusting(SSLContext context) {
      properties.put("mail.smtp.ssl.socketFactory", context.getSocketFactory());
      return this;
    }

    /**
     * How long to wait for a connection, for an answer, and for the server to take data. Default:
     * 15, 60 and 60 seconds. There is no waiting for ever.
     *
     * @throws IllegalArgumentException if one is shorter than a millisecond or longer than an hour
     */
    public Builder timeouts(Duration connect, Duration read, Duration write) {
      put("connectiontimeout", timeoutMillis("connect", connect));
      put("timeout", timeoutMillis("read", read));
      put("writetimeout", timeoutMillis("write", write));
      return this;
    }

    private static long timeoutMillis(String what, Duration timeout) {
      if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException(
            "The %s timeout is between a millisecond and an hour, not %s".formatted(what, timeout));
      }
      return timeout.toMillis();
    }

    /** The finished server; nothing is connected yet. */
    public SmtpServer build() {
      return new SmtpServer(this);
    }
  }
}
