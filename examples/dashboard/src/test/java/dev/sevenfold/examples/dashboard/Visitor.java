package dev.sevenfold.examples.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who sends whatever they like, without a browser. Follows no redirects. */
final class Visitor {

  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

  static final String BOUNDARY = "part-of-the-form";

  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();
  private final String address;
  private String languages = "";

  private Visitor(String address) {
    this.address = address;
  }

  static Visitor at(TestApp app) {
    return new Visitor(app.address());
  }

  static Visitor loggedIn(TestApp app, String email) {
    Visitor visitor = at(app);
    HttpResponse<String> response = visitor.logIn(email, TestApp.PASSWORD);
    if (response.statusCode() != 303) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
    return visitor;
  }

  /** Has a browser that tells which languages its owner reads. */
  Visitor reading(String acceptLanguage) {
    languages = acceptLanguage;
    return this;
  }

  HttpResponse<String> logIn(String email, String password) {
    String token = csrf("/login");
    return post("/login", "csrf", token, "email", email, "password", password);
  }

  /** The token of the forms of a page. */
  String csrf(String path) {
    Matcher matcher = CSRF.matcher(get(path).body());
    if (!matcher.find()) {
      throw new IllegalStateException("There is no form on " + path);
    }
    return matcher.group(1);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> head(String path) {
    return send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
  }

  HttpResponse<String> post(String path, String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs))));
  }

  /** Sends a form with a file; the fields come first. */
  HttpResponse<String> upload(String path, byte[] file, String... fields) {
    return upload(path, "archive.tar.gz", file, fields);
  }

  HttpResponse<String> upload(String path, String name, byte[] file, String... fields) {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      parts.append(part("name=\"" + fields[i] + "\"")).append(fields[i + 1]).append("\r\n");
    }
    parts.append(part("name=\"file\"; filename=\"" + name + "\""));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(parts.toString().getBytes(StandardCharsets.UTF_8));
    body.writeBytes(file);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
  }

  private static String part(String disposition) {
    return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n";
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
    return languages.isEmpty() ? request : request.header("Accept-Language", languages);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of one of the cookies. */
  Optional<String> cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  /** Goes on with a cookie that came from elsewhere. */
  void setCookie(String name, String value) {
    HttpCookie cookie = new HttpCookie(name, value);
    cookie.setPath("/");
    // What the store calls a host without a dot.
    cookie.setDomain("localhost.local");
    cookie.setVersion(0);
    cookies.getCookieStore().add(URI.create(address), cookie);
  }
}
