package dev.sevenfold.backup.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What mails say, in English, Danish and German, from resource bundles that a host may override key
 * by key, or translate. Immutable.
 *
 * <p>The keys are those of {@code dev/sevenfold/backup/mail/messages.properties}, in UTF-8. {@code
 * {name}} stands for a value. A locale that nobody has texts for gets English.
 */
public final class MailTexts {

  private static final String STANDARD = "dev.sevenfold.backup.mail.messages";
  private static final Pattern VALUE = Pattern.compile("\\{([a-zA-Z]+)}");

  // The locale of the machine says nothing about the one who reads.
  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  private record Source(String baseName, ClassLoader loader) {
    ResourceBundle in(Locale locale) {
      return ResourceBundle.getBundle(baseName, locale, loader, NO_FALLBACK);
    }
  }

  /** The first one that has a text wins; ours is the last. */
  private final List<Source> sources;

  private MailTexts(List<Source> sources) {
    this.sources = sources;
  }

  /** The texts that come with the library. */
  public static MailTexts standard() {
    return new MailTexts(List.of(new Source(STANDARD, MailTexts.class.getClassLoader())));
  }

  /**
   * These texts, but those of the host where it has some: {@code com.acme.mail} is read from {@code
   * com/acme/mail_da.properties} and {@code com/acme/mail.properties}.
   *
   * @throws IllegalArgumentException if there is no such bundle
   */
  public MailTexts overriddenBy(String baseName, ClassLoader loader) {
    Source source = new Source(Objects.requireNonNull(baseName), Objects.requireNonNull(loader));
    try {
      source.in(Locale.ROOT);
    } catch (MissingResourceException e) {
      throw new IllegalArgumentException(
          "There is no bundle %s: put %s.properties on the class path, it may be empty"
              .formatted(baseName, baseName.replace('.', '/')),
          e);
    }
    List<Source> all = new ArrayList<>();
    all.add(source);
    all.addAll(sources);
    return new MailTexts(List.copyOf(all));
  }

  /** The text of a key, its values filled in. */
  String text(Locale locale, String key, Map<String, String> values) {
    Matcher matcher = VALUE.matcher(template(locale, key));
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null) {
        throw new IllegalStateException(
            "The text %s in %s names a value that there is not: %s"
                .formatted(key, locale, matcher.group()));
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(text).toString();
  }

  private String template(Locale locale, String key) {
    return sources.stream()
        .map(source -> source.in(locale))
        .filter(bundle -> bundle.containsKey(key))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("There is no text " + key))
        .getString(key);
  }

  /** The language that a mail in this locale is really in, for the mail to say so. */
  Locale language(Locale locale) {
    return sources.stream()
        .map(source -> source.in(locale).getLocale())
        .filter(found -> !found.getLanguage().isEmpty())
        .findFirst()
        .orElse(Locale.ENGLISH);
  }
}
