package dev.sevenfold.examples.dashboard.web;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The pages of a package, as mustache files beside its classes. Every value is escaped, and a
 * variable that a model lacks is an error. Thread-safe.
 */
public final class Templates {

  /** Control characters, and what turns the text behind it around. */
  private static final Pattern STEERING =
      Pattern.compile("[\\p{Cc}&&[^\\r\\n\\t]]|[\\u202a-\\u202e\\u2066-\\u2069]");

  private final Class<?> beside;
  private final Mustache.Compiler compiler;
  private final Map<String, Template> compiled = new ConcurrentHashMap<>();

  private Templates(Class<?> beside) {
    this.beside = beside;
    this.compiler =
        Mustache.compiler()
            .nullValue("")
            .emptyStringIsFalse(true)
            .withEscaper(value -> Escapers.HTML.escape(STEERING.matcher(value).replaceAll(" ")))
            .withLoader(name -> open(name));
  }

  /** Those beside a class. */
  public static Templates beside(Class<?> owner) {
    return new Templates(owner);
  }

  private Reader open(String name) throws IOException {
    return new StringReader(new String(resource(name + ".mustache"), StandardCharsets.UTF_8));
  }

  /** The bytes of a file beside the class. */
  public byte[] resource(String name) throws IOException {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("There is no file " + name + " beside " + beside.getName());
      }
      return in.readAllBytes();
    }
  }

  /** Fills in a page. */
  public String fill(String name, Object model) {
    return compiled.computeIfAbsent(name, compiler::loadTemplate).execute(model);
  }
}
