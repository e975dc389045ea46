package dev.sevenfold.examples.dashboard;

import dev.sevenfold.examples.dashboard.Access.Visit;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer;
import java.util.Optional;

/** In and out. Thread-safe. */
final class LoginPages {

  private record View(String csrf, String email, boolean wrong) {}

  private final Access access;
  private final Pages pages;

  LoginPages(Access access, Pages pages) {
    this.access = access;
    this.pages = pages;
  }

  void addTo(WebServer server) {
    server
        .route("GET " + Access.LOGIN, request -> form(request, 200, "", false))
        .route(
            "POST " + Access.LOGIN,
            request ->
                access
                    .logIn(request)
                    .orElseGet(() -> form(request, 401, request.field("email"), true)))
        .route("POST /logout", access::logOut);
  }

  private Response form(Request request, int status, String email, boolean wrong) {
    Visit visit = access.visit(request);
    View view = new View(visit.csrf(), email, wrong);
    String title = wrong ? "Wrong password" : "Log in";
    return access.remember(visit, pages.show(status, title, "login", view, Optional.empty()));
  }
}
