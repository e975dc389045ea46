package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;

/**
 * Writes messages of the internet: a multipart of text and HTML, in ASCII whatever it says.
 * Thread-safe.
 */
final class MessageWriter {

  private final MailAddress from;
  private final Optional<MailAddress> replyTo;
  private final MailTemplates templates = new MailTemplates();
  private final Session session = Session.getInstance(new Properties());

  MessageWriter(MailAddress from, Optional<MailAddress> replyTo) {
    this.from = from;
    this.replyTo = replyTo;
  }

  /**
   * The text of a message.
   *
   * @param id makes its Message-ID: a message that is handed in twice is seen to be the same
   */
  String write(MailContent content, MailAddress to, String id, Instant date) {
    try {
      MimeMessage message = new MimeMessage(session);
      message.setFrom(address(from));
      message.setRecipient(Message.RecipientType.TO, address(to));
      if (replyTo.isPresent()) {
        message.setReplyTo(new InternetAddress[] {address(replyTo.get())});
      }
      message.setSubject(OneLine.require("The subject of a mail", content.subject()), UTF_8.name());
      message.setSentDate(Date.from(date));
      message.setHeader("Content-Language", content.languageTag());
      // So that nobody's "I am on holiday" answers.
      message.setHeader("Auto-Submitted", "auto-generated");
      message.setHeader("X-Auto-Response-Suppress", "All");
      message.setContent(
          new MimeMultipart(
              "alternative",
              part(templates.text(content), "plain"),
              part(templates.html(content), "html")));
      message.saveChanges();
      // Instead of the one that has just been made up.
      message.setHeader("Message-ID", "<" + id + "@" + from.domain() + ">");
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      message.writeTo(bytes);
      return bytes.toString(US_ASCII);
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException("A mail could not be written: " + e.getMessage(), e);
    }
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, UTF_8.name(), subtype);
    // Whatever passes lines on, they arrive as they are: no line is long, no byte above 127.
    part.setHeader("Content-Transfer-Encoding", "quoted-printable");
    return part;
  }

  private static InternetAddress address(MailAddress address) throws IOException {
    String name = address.name().isEmpty() ? null : address.name();
    return new InternetAddress(address.address(), name, UTF_8.name());
  }
}
