package dev.sevenfold.backup.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one mail says, whether as HTML or as text: a heading, and sections below it. Immutable.
 *
 * @param languageTag the language that it is in
 * @param subject its subject, also the title of the HTML
 * @param preview what a list of mails shows beside the subject
 * @param heading its first line
 * @param intro what it is about
 * @param facts the numbers that matter
 * @param action what to do, if there is something
 * @param sections the rest
 * @param footer why it came
 */
record MailContent(
    String languageTag,
    String subject,
    String preview,
    String heading,
    List<String> intro,
    List<Fact> facts,
    Optional<Action> action,
    List<Section> sections,
    List<String> footer) {

  boolean hasFacts() {
    return !facts.isEmpty();
  }

  /** The action as a list, which a template walks through. */
  List<Action> actions() {
    return action.stream().toList();
  }

  /** A name and a value, a line of a table. */
  record Fact(String name, String value) {}

  /** A button, and its address for those who see no buttons. */
  record Action(String text, String address, String hint) {}

  /** A heading, sentences, and a list below them. */
  record Section(String heading, List<String> sentences, List<Item> items) {
    boolean hasItems() {
      return !items.isEmpty();
    }
  }

  /** One of a list; a line in strong type, and others below it. */
  record Item(String title, List<String> lines) {}

  /** Collects what a mail says, most of it by the keys of texts. Use from one thread. */
  static final class Builder {

    private final Words words;
    private final String subject;
    private final String heading;
    private String preview = "";
    private final List<String> intro = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private Optional<Action> action = Optional.empty();
    private final List<Section> sections = new ArrayList<>();
    private final List<String> footer = new ArrayList<>();

    Builder(Words words, String subject, String heading) {
      this.words = words;
      this.subject = subject;
      this.heading = heading;
    }

    Builder preview(String text) {
      preview = text;
      return this;
    }

    Builder intro(String key, String... namesAndValues) {
      intro.add(words.text(key, namesAndValues));
      return this;
    }

    Builder fact(String key, String value) {
      facts.add(new Fact(words.text(key), value));
      return this;
    }

    Builder action(String text, String address, String hint) {
      action = Optional.of(new Action(text, address, hint));
      return this;
    }

    Builder section(String key, List<String> sentences) {
      return section(key, sentences, List.of());
    }

    Builder section(String key, List<String> sentences, List<Item> items) {
      sections.add(new Section(words.text(key), sentences, items));
      return this;
    }

    Builder footer(String key) {
      footer.add(words.text(key));
      return this;
    }

    MailContent build() {
      return new MailContent(
          words.languageTag(),
          OneLine.require("The subject of a mail", subject),
          preview,
          heading,
          List.copyOf(intro),
          List.copyOf(facts),
          action,
          List.copyOf(sections),
          List.copyOf(footer));
    }
  }
}
