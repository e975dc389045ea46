package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.error.Printable;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands mails in by SMTP, several over one connection. Use from one thread at a time. */
final class SmtpPostman implements Postman {

  private static final Logger log = LoggerFactory.getLogger(BackupMailer.class);

  private static final int LONGEST_REPLY = 500;

  private final SmtpServer server;
  private final Session session;

  SmtpPostman(SmtpServer server) {
    this.server = server;
    this.session = server.session();
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
      log.debug("The mail server did not say goodbye", Printable.failure(e));
    }
  }

  private Optional<MessagingException> connect(Transport transport) {
    try {
      if (!transport.isConnected()) {
        transport.connect(
            server.host,
            server.port,
            server.login.map(SmtpServer.Login::user).orElse(null),
            server.login.map(SmtpServer.Login::password).orElse(null));
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
      MessagingException told = new MessagingException(what(mail, e), e);
      if (isFinal(e)) {
        outcome.refused(mail, told);
      } else {
        outcome.failed(mail, told);
      }
    }
  }

  /** Whose mail it is and what the server said of whom: the library's message names neither. */
  private String what(OutboxItem mail, MessagingException failure) {
    String to = "The mail to " + mail.field("to");
    for (Exception e = failure;
        e instanceof MessagingException messaging;
        e = messaging.getNextException()) {
      if (e instanceof SMTPSenderFailedException sender) {
        to += " from " + sender.getAddress();
      }
    }
    for (Exception e = failure;
        e instanceof MessagingException messaging;
        e = messaging.getNextException()) {
      if (e instanceof SMTPAddressFailedException || e instanceof SMTPSendFailedException) {
        return to + " was not taken by " + server.where() + ", which says: " + reply(e);
      }
    }
    return to + " could not be handed in to " + server.where() + ": " + reply(failure);
  }

  private static String reply(Exception e) {
    String line = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
    return Printable.of(
        line.length() <= LONGEST_REPLY ? line : line.substring(0, LONGEST_REPLY) + "…");
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
