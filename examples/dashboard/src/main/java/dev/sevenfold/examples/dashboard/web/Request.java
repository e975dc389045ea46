package dev.sevenfold.examples.dashboard.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a browser asks for. Use while the request lasts, from its thread. */
public final class Request {

  private static final int LARGEST_FORM = 64 << 10;

  private final HttpExchange exchange;
  private final Patience.Line line;
  private final Map<String, String> pathValues;
  private final Map<String, String> query;
  private @Nullable Map<String, String> form;
  private @Nullable Upload upload;

  Request(HttpExchange exchange, Patience.Line line, Map<String, String> pathValues) {
    this.exchange = exchange;
    this.line = line;
    this.pathValues = pathValues;
    this.query = pairs(exchange.getRequestURI().getRawQuery());
  }

  /** The method, {@code GET} or {@code POST}. */
  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path, as it came. */
  public String path() {
    return exchange.getRequestURI().getRawPath();
  }

  /** What stands in the path where the route has {@code {name}}. */
  public String pathValue(String name) {
    return Optional.ofNullable(pathValues.get(name)).orElseThrow(HttpError::notFound);
  }

  /** A value of the address's query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /**
   * A field of the form that was sent; empty if it is not there. Of a form with a file, only fields
   * before the file are there.
   */
  public String field(String name) {
    return form().getOrDefault(name, "");
  }

  private Map<String, String> form() {
    Map<String, String> read = form;
    if (read == null) {
      read = readForm();
      form = read;
    }
    return read;
  }

  private Map<String, String> readForm() {
    String type = header("Content-Type").orElse("");
    try {
      if (type.startsWith("application/x-www-form-urlencoded")) {
        return readPairs();
      }
      if (type.startsWith("multipart/form-data")) {
        Upload read = Upload.of(this);
        upload = read;
        return read.fields();
      }
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> readPairs() throws IOException {
    byte[] bytes = body().readNBytes(LARGEST_FORM + 1);
    if (bytes.length > LARGEST_FORM) {
      throw new HttpError(413, "That is too much", "Write less, and send the form again.");
    }
    return pairs(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * The file that came with the form, as it comes in; once. When it is closed, what is left of it
   * is heard out, so that the browser shows the answer.
   *
   * @param most how many bytes are heard out
   * @throws HttpError if there is none
   */
  public InputStream file(long most) throws IOException {
    form();
    Upload sent = upload;
    if (sent == null) {
      throw new HttpError(400, "That was no upload", "Choose a file, and send the form again.");
    }
    return sent.open(most);
  }

  private static Map<String, String> pairs(@Nullable String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (text == null || text.isEmpty()) {
      return pairs;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return pairs;
  }

  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpError(400, "That address is broken", "Go back, and try the link again.");
    }
  }

  /** The first header of this name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** Which of these languages the reader likes best, as the browser says; else the first. */
  public Locale language(List<Locale> spoken) {
    try {
      List<Locale.LanguageRange> liked =
          header("Accept-Language").map(Locale.LanguageRange::parse).orElse(List.of());
      return Optional.ofNullable(Locale.lookup(liked, spoken)).orElse(spoken.get(0));
    } catch (IllegalArgumentException e) {
      // No browser sends that, and a page in the usual language harms nobody.
      return spoken.get(0);
    }
  }

  /** The value of a cookie. */
  public Optional<String> cookie(String name) {
    for (String header : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
      for (String cookie : header.split(";", -1)) {
        int equals = cookie.indexOf('=');
        if (equals > 0 && cookie.substring(0, equals).strip().equals(name)) {
          return Optional.of(cookie.substring(equals + 1).strip());
        }
      }
    }
    return Optional.empty();
  }

  /** Where the request comes from. A host behind a proxy takes it from the proxy's header. */
  public String clientAddress() {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }

  InputStream body() {
    return line.from(exchange.getRequestBody());
  }
}
