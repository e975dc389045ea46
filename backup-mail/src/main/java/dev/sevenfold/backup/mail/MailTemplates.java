package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Turns what a mail says into HTML and into text. Thread-safe. */
final class MailTemplates {

  // A misspelt name fails at once, and everything is escaped: names of tenants are not ours.
  private final Template html =
      Mustache.compiler()
          .withEscaper(value -> Escapers.HTML.escape(OneLine.of(value)))
          .compile(read("mail.html.mustache"));
  private final Template text =
      Mustache.compiler().withEscaper(OneLine::of).compile(read("mail.txt.mustache"));

  private static String read(String name) {
    try (InputStream in = MailTemplates.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The template " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String html(MailContent content) {
    return html.execute(content);
  }

  String text(MailContent content) {
    return text.execute(content);
  }
}
