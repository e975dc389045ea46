package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands mails in by SMTP, several over one connection. Use from one thread at a time. */
final class SmtpPostman implements Postman {

  private static final Logger log = LoggerFactory.getLogger(BackupMailer.class);

  private final SmtpServer server;
  private final Session session;

  SmtpPostman(SmtpServer server) {
    this.server = server;
    this.session = Session.getInstance(properties(server));
  }

  private static Properties properties(SmtpServer server) {
    Properties properties = new Properties();
    put(properties, "host", server.host());
    put(properties, "port", Integer.toString(server.port()));
    // Without time-outs, a server that stops to answer holds the thread for ever.
    put(properties, "connectiontimeout", millis(server.connectTimeout()));
    put(properties, "timeout", millis(server.readTimeout()));
    put(properties, "writetimeout", millis(server.writeTimeout()));
    put(properties, "auth", Boolean.toString(server.login().isPresent()));
    boolean startTls = server.security() == SmtpServer.Security.STARTTLS;
    put(properties, "starttls.enable", Boolean.toString(startTls));
    put(properties, "starttls.required", Boolean.toString(startTls));
    put(properties, "ssl.enable", Boolean.toString(server.security() == SmtpServer.Security.TLS));
    put(properties, "ssl.checkserveridentity", "true");
    put(properties, "ssl.protocols", "TLSv1.3 TLSv1.2");
    server
        .tls()
        .ifPresent(tls -> properties.put("mail.smtp.ssl.socketFactory", tls.getSocketFactory()));
    return properties;
  }

  private static void put(Properties properties, String name, String value) {
    properties.put("mail.smtp." + name, value);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  @Override
  public void deliver(List<OutboxItem> mails, Outcome outcome) {
    Transport transport = newTransport();
    try {
      Optional<MessagingException> down = Optional.empty();
      for (OutboxItem mail : mails) {
        if (down.isEmpty()) {
          down = connect(transport);
        }
        if (down.isPresent()) {
          outcome.failed(mail, down.get());
        } else {
          hand(transport, mail, outcome);
        }
      }
    } finally {
      leave(transport);
    }
  }

  private Transport newTransport() {
    try {
      return session.getTransport("smtp");
    } catch (NoSuchProviderException e) {
      throw new IllegalStateException("angus-mail is not on the class path", e);
    }
  }

  private static void leave(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // Every mail was told of; it is the goodbye that failed.
      log.debug("The mail server did not say goodbye", e);
    }
  }

  private Optional<MessagingException> connect(Transport transport) {
    try {
      if (!transport.isConnected()) {
        transport.connect(
            server.host(),
            server.port(),
            server.login().map(SmtpServer.Login::user).orElse(null),
            server.login().map(SmtpServer.Login::password).orElse(null));
      }
      return Optional.empty();
    } catch (MessagingException e) {
      return Optional.of(e);
    }
  }

  private void hand(Transport transport, OutboxItem mail, Outcome outcome) {
    try {
      MimeMessage message =
          new MimeMessage(
              session, new ByteArrayInputStream(mail.field("message").getBytes(US_ASCII)));
      transport.sendMessage(message, new Address[] {new InternetAddress(mail.field("to"))});
      outcome.delivered(mail);
    } catch (MessagingException e) {
      if (isFinal(e)) {
        outcome.refused(mail, e);
      } else {
        outcome.failed(mail, e);
      }
    }
  }

  /** Whether the server refused this address, or this message, with a code that stays. */
  private static boolean isFinal(MessagingException failure) {
    for (Exception e = failure;
        e instanceof MessagingException messaging;
        e = messaging.getNextException()) {
      if (e instanceof SMTPAddressFailedException address) {
        return isPermanent(address.getReturnCode());
      }
      if (e instanceof SMTPSendFailedException send && send.getCommand().equals(".")) {
        return isPermanent(send.getReturnCode());
      }
    }
    return false;
  }

  private static boolean isPermanent(int code) {
    return code >= 500 && code < 600;
  }
}
