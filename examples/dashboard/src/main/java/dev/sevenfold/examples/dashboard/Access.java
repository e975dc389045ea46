package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.dashboard.host.Login;
import dev.sevenfold.examples.dashboard.host.LoginThrottle;
import dev.sevenfold.examples.dashboard.host.Logins;
import dev.sevenfold.examples.dashboard.host.Sessions;
import dev.sevenfold.examples.dashboard.web.Csrf;
import dev.sevenfold.examples.dashboard.web.HttpError;
import dev.sevenfold.examples.dashboard.web.Request;
import dev.sevenfold.examples.dashboard.web.Response;
import dev.sevenfold.examples.dashboard.web.WebServer.Handler;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may see which page. Whose firm a request is about comes from the session alone: no
 * address and no form names a tenant. Thread-safe.
 */
final class Access {

  private static final Logger log = LoggerFactory.getLogger(Access.class);

  static final String LOGIN = "/login";

  /** What every form has in a hidden field. */
  private static final String TOKEN = "csrf";

  private static final String SESSION = "session";

  /** Of the login page, where there is no session yet: ties its form to this browser. */
  private static final String VISIT = "visit";

  /** Somebody who is logged in. */
  record Session(String cookie, Login login, String csrf) {}

  /** A page of a firm. */
  @FunctionalInterface
  interface TenantHandler {
    Response handle(Request request, Session session, TenantId firm) throws IOException;
  }

  /** A page of support. */
  @FunctionalInterface
  interface SupportHandler {
    Response handle(Request request, Session session) throws IOException;
  }

  private final Logins logins;
  private final Sessions sessions;
  private final LoginThrottle throttle;
  private final Csrf csrf;
  private final boolean secure;

  Access(Logins logins, Sessions sessions, LoginThrottle throttle, Csrf csrf, boolean secure) {
    this.logins = logins;
    this.sessions = sessions;
    this.throttle = throttle;
    this.csrf = csrf;
    this.secure = secure;
  }

  /**
   * Stands before every change: the form must be one that this browser was shown. The login form is
   * tied to the visit, all others to the session.
   */
  Optional<Response> beforeChange(Request request) {
    if (request.path().equals(LOGIN)) {
      csrf.require(request.cookie(VISIT).orElse(""), request.field(TOKEN));
      return Optional.empty();
    }
    Optional<Session> session = session(request);
    if (session.isEmpty()) {
      return Optional.of(Response.redirect(LOGIN));
    }
    csrf.require(session.get().cookie(), request.field(TOKEN));
    return Optional.empty();
  }

  /** For people of a firm. */
  Handler tenant(TenantHandler handler) {
    return request -> {
      Optional<Session> session = session(request);
      if (session.isEmpty()) {
        return Response.redirect(LOGIN);
      }
      TenantId firm = session.get().login().firm().orElseThrow(HttpError::notFound);
      return guarded(() -> handler.handle(request, session.get(), firm));
    };
  }

  /** For people of support, who see no firm's data. */
  Handler support(SupportHandler handler) {
    return request -> {
      Optional<Session> session = session(request);
      if (session.isEmpty()) {
        return Response.redirect(LOGIN);
      }
      if (!session.get().login().isSupport()) {
        throw HttpError.notFound();
      }
      return guarded(() -> handler.handle(request, session.get()));
    };
  }

  @FunctionalInterface
  private interface Answer {
    Response get() throws IOException;
  }

  /** What the library reports is for operators, who find it in the log. */
  private static Response guarded(Answer answer) throws IOException {
    try {
      return answer.get();
    } catch (ArchiveNotFound e) {
      throw HttpError.notFound();
    } catch (BackupException e) {
      log.warn("A page could not be shown: {}", e.getMessage(), e);
      throw new HttpError(
          503,
          "That cannot be done just now",
          "Nothing was changed. Try again in a few minutes; if it stays so, tell support.");
    }
  }

  /** Whose request it is, if anybody's who is logged in. */
  Optional<Session> session(Request request) {
    return request
        .cookie(SESSION)
        .flatMap(
            cookie ->
                sessions.find(cookie).map(login -> new Session(cookie, login, csrf.token(cookie))));
  }

  /** The cookie of a browser that is not logged in, and the token of its login form. */
  record Visit(String cookie, String csrf) {}

  Visit visit(Request request) {
    String cookie = request.cookie(VISIT).filter(c -> !c.isBlank()).orElseGet(Sessions::newCookie);
    return new Visit(cookie, csrf.token(cookie));
  }

  Response remember(Visit visit, Response response) {
    return response.with("Set-Cookie", cookie(VISIT, visit.cookie()));
  }

  /**
   * Logs a person in.
   *
   * @return where to go; empty if the password is wrong
   * @throws HttpError if there were too many wrong ones
   */
  Optional<Response> logIn(Request request) {
    String email = request.field("email").strip();
    String place = request.clientAddress();
    Optional<Duration> wait = throttle.wait(email, place);
    if (wait.isPresent()) {
      throw tooMany(wait.get());
    }
    Optional<Login> login = logins.check(email, request.field("password"));
    if (login.isEmpty()) {
      throttle.failed(email, place);
      return Optional.empty();
    }
    throttle.succeeded(email);
    // Whatever session this browser had is over: nobody goes on in one that somebody else began.
    request.cookie(SESSION).ifPresent(sessions::end);
    String fresh = sessions.start(login.get());
    return Optional.of(
        Response.redirect(login.get().isSupport() ? "/support" : "/")
            .with("Set-Cookie", cookie(SESSION, fresh)));
  }

  private static HttpError tooMany(Duration wait) {
    long minutes = wait.toMinutes() + 1;
    return new HttpError(
        429,
        "Too many wrong passwords",
        "Wait " + (minutes == 1 ? "a minute" : minutes + " minutes") + ", then try again.");
  }

  Response logOut(Request request) {
    session(request).map(Session::cookie).ifPresent(sessions::end);
    return Response.redirect(LOGIN).with("Set-Cookie", cookie(SESSION, "") + "; Max-Age=0");
  }

  private String cookie(String name, String value) {
    // Lax, not Strict: a link in a mail should find its reader logged in. No GET changes anything.
    return name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
  }
}
