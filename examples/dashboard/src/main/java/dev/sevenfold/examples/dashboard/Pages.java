package dev.sevenfold.examples.dashboard;

import dev.sevenfold.examples.dashboard.Access.Session;
import dev.sevenfold.examples.dashboard.web.HttpError;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.Templates;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts pages into the frame that they all have. Thread-safe. */
final class Pages {

  /** The frame: what every page shows around its own. */
  private record Frame(String title, String body, @Nullable Session session, boolean support) {}

  /** The page of an error. */
  private record ErrorView(String title, String message) {}

  private final Access access;
  private final Templates templates = Templates.beside(Pages.class);

  Pages(Access access) {
    this.access = access;
  }

  void addTo(WebServer server) throws IOException {
    asset(server, "app.css", "text/css; charset=utf-8");
    asset(server, "app.js", "text/javascript; charset=utf-8");
    asset(server, "icon.svg", "image/svg+xml");
  }

  private void asset(WebServer server, String name, String type) throws IOException {
    byte[] bytes = templates.resource(name);
    server.route(
        "GET /" + name,
        request -> Response.bytes(200, type, bytes).with("Cache-Control", "private, max-age=60"));
  }

  /** A page in its frame. */
  Response show(
      int status, String title, String template, Object model, Optional<Session> session) {
    Frame frame =
        new Frame(
            title,
            templates.fill(template, model),
            session.orElse(null),
            session.filter(who -> who.login().isSupport()).isPresent());
    return Response.html(status, templates.fill("frame", frame));
  }

  /** A piece of a page, for the script to put in its place. */
  Response piece(String template, Object model) {
    return Response.html(200, templates.fill(template, model));
  }

  /** The page of an error. */
  Response error(Request request, HttpError error) {
    return show(
        error.status(),
        error.title(),
        "error",
        new ErrorView(error.title(), error.message()),
        access.session(request));
  }
}
