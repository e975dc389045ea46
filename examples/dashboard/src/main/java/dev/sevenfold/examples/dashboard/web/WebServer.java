package dev.sevenfold.examples.dashboard.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's server on the loopback interface, with routes, with headers that keep a page to itself,
 * and with pages for errors. Thread-safe once it is started.
 */
public final class WebServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebServer.class);

  /** No script, style or picture but our own, no frame around us, no form to elsewhere. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Answers requests. Called by many threads at a time. */
  @FunctionalInterface
  public interface Handler {
    /** What to answer. */
    Response handle(Request request) throws IOException;
  }

  /** Makes the page of an error. */
  @FunctionalInterface
  public interface ErrorPage {
    /** What to answer. */
    Response show(Request request, HttpError error);
  }

  /** Stands before everything that is not a {@code GET}. Called by many threads at a time. */
  @FunctionalInterface
  public interface Gate {
    /**
     * Looks at a request that asks for a change.
     *
     * @return what to answer instead of the handler; empty lets the request pass
     * @throws HttpError if it must not pass
     */
    Optional<Response> stop(Request request);
  }

  private final HttpServer server;
  private final Patience patience;
  private final ErrorPage errorPage;
  private final Gate gate;
  private final List<Route> routes = new ArrayList<>();

  private WebServer(HttpServer server, ErrorPage errorPage, Gate gate, Duration patience) {
    this.server = server;
    this.errorPage = errorPage;
    this.gate = gate;
    this.patience = new Patience(patience);
  }

  /**
   * A server that is not started.
   *
   * @param port where to listen; 0 takes one that is free
   * @param gate what every request has to pass that is not a {@code GET}: no handler can forget it
   * @param patience how long a visitor may keep a thread waiting before the connection is cut off;
   *     a body that moves has more
   */
  public static WebServer on(int port, ErrorPage errorPage, Gate gate, Duration patience)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new WebServer(HttpServer.create(address, 0), errorPage, gate, patience);
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Adds a route: {@code GET /points/{label}}. A {@code GET} answers {@code HEAD} too. */
  public WebServer route(String route, Handler handler) {
    routes.add(Route.of(route, handler));
    return this;
  }

  /** Every route, as it was added. */
  public List<String> routes() {
    return routes.stream().map(Route::toString).toList();
  }

  /** Begins to answer. */
  public WebServer start() {
    server.createContext("/", this::exchange);
    server.setExecutor(patience);
    server.start();
    return this;
  }

  private void exchange(HttpExchange exchange) throws IOException {
    Patience.Line line = patience.line();
    // What is not work is waiting: to close is to hear out what was sent and not read.
    try (exchange) {
      line.work(() -> send(exchange, line, answer(exchange, line)));
    }
  }

  private Response answer(HttpExchange exchange, Patience.Line line) throws IOException {
    @Nullable Request request = null;
    try {
      request = new Request(exchange, line, Map.of());
      return dispatch(exchange, line);
    } catch (HttpError e) {
      return error(request, e);
    } catch (IOException | RuntimeException e) {
      if (line.isCut()) {
        throw new IOException("%s was cut off".formatted(exchange.getRequestMethod()), e);
      }
      log.error("{} failed", exchange.getRequestMethod(), e);
      return error(
          request,
          new HttpError(
              500, "Something went wrong", "Nothing was lost. Go back, and try again in a while."));
    }
  }

  private Response error(@Nullable Request request, HttpError error) {
    if (request == null) {
      return Response.bytes(
          error.status(), "text/plain; charset=utf-8", error.title().getBytes(UTF_8));
    }
    return errorPage.show(request, error);
  }

  private Response dispatch(HttpExchange exchange, Patience.Line line) throws IOException {
    String method =
        exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
    boolean known = false;
    for (Route route : routes) {
      Optional<Map<String, String>> values = route.match(exchange.getRequestURI().getRawPath());
      if (values.isPresent() && route.method().equals(method)) {
        return handle(route, new Request(exchange, line, values.get()));
      }
      known |= values.isPresent();
    }
    if (known) {
      throw new HttpError(405, "That cannot be done here", "Go back, and use the page's buttons.");
    }
    throw HttpError.notFound();
  }

  private Response handle(Route route, Request request) throws IOException {
    Optional<Response> stopped =
        route.method().equals("GET") ? Optional.empty() : gate.stop(request);
    return stopped.isPresent() ? stopped.get() : route.handler().handle(request);
  }

  private static void send(HttpExchange exchange, Patience.Line line, Response response)
      throws IOException {
    try (Response.Body body = response.body()) {
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Security-Policy", POLICY);
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "same-origin");
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cache-Control", "no-store");
      for (Response.Header header : response.headers()) {
        if (header.name().equals("Set-Cookie")) {
          headers.add(header.name(), header.value());
        } else {
          headers.set(header.name(), header.value());
        }
      }
      boolean empty = response.length() == 0 || exchange.getRequestMethod().equals("HEAD");
      // For this server 0 means "of unknown length" and -1 "none".
      long length = empty ? -1 : response.length();
      line.await(() -> exchange.sendResponseHeaders(response.status(), length));
      if (!empty) {
        body.writeTo(line.to(exchange.getResponseBody()));
      }
    }
  }

  /** Stops at once. */
  @Override
  public void close() {
    server.stop(0);
    patience.close();
  }
}
