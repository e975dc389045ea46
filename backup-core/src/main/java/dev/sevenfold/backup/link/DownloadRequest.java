package dev.sevenfold.backup.link;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a browser asks for, without the framework that heard it. Its {@link #toString()} hides the
 * token. Use while the request lasts, from its thread.
 */
public final class DownloadRequest {

  private final String method;
  private final String token;
  private final Function<String, @Nullable String> headers;

  private DownloadRequest(String method, String token, Function<String, @Nullable String> headers) {
    this.method = Objects.requireNonNull(method, "method").toUpperCase(Locale.ROOT);
    this.token = Objects.requireNonNull(token, "token");
    this.headers = Objects.requireNonNull(headers, "headers");
  }

  /**
   * A request.
   *
   * @param method {@code GET}, {@code HEAD} or whatever it was
   * @param token the last segment of the path, as it came
   * @param headers finds a header by its name, whatever its case: {@code request::getHeader} of a
   *     servlet, {@code exchange.getRequestHeaders()::getFirst} of the JDK's server
   */
  public static DownloadRequest of(
      String method, String token, Function<String, @Nullable String> headers) {
    return new DownloadRequest(method, token, headers);
  }

  /** The method, in upper case. */
  public String method() {
    return method;
  }

  /** The first header of this name, if there is one. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.apply(name));
  }

  String token() {
    return token;
  }

  boolean isGet() {
    return method.equals("GET");
  }

  @Override
  public String toString() {
    return "DownloadRequest[" + method + "]";
  }
}
