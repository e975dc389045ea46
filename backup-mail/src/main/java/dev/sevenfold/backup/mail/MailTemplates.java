package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns what a mail says into HTML and into text. Thread-safe. */
final class MailTemplates {

  private final Template html;
  private final Template text;

  MailTemplates() {
    // A misspelt name fails at once, and everything is escaped: names of tenants are not ours.
    html = Mustache.compiler().escapeHTML(true).compile(read("mail.html.mustache"));
    text = Mustache.compiler().escapeHTML(false).compile(read("mail.txt.mustache"));
  }

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
    return html.execute(model(content));
  }

  String text(MailContent content) {
    return text.execute(model(content));
  }

  /** Maps, so that nothing is read from records by reflection, whatever the modules allow. */
  private static Map<String, Object> model(MailContent content) {
    Map<String, Object> model = new HashMap<>();
    model.put("language", content.languageTag());
    model.put("subject", content.subject());
    model.put("preview", content.preview());
    model.put("heading", content.heading());
    model.put("intro", content.intro());
    model.put("hasFacts", !content.facts().isEmpty());
    model.put(
        "facts",
        content.facts().stream()
            .map(fact -> Map.of("label", fact.label(), "value", fact.value()))
            .toList());
    model.put(
        "actions",
        content.action().stream()
            .map(
                action ->
                    Map.of(
                        "label", action.label(),
                        "address", action.address(),
                        "hint", action.hint()))
            .toList());
    model.put("sections", content.sections().stream().map(MailTemplates::section).toList());
    model.put("footer", content.footer());
    return model;
  }

  private static Map<String, Object> section(MailContent.Section section) {
    return Map.of(
        "title",
        section.heading(),
        "sentences",
        section.sentences(),
        "hasItems",
        !section.items().isEmpty(),
        "items",
        section.items().stream()
            .map(item -> Map.of("name", item.title(), "lines", List.copyOf(item.lines())))
            .toList());
  }
}
