package dev.sevenfold.examples.dashboard.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What to answer: a status, headers and a body. Use from one thread. */
public final class Response {

  /** Writes a body and closes what it is read from. */
  public interface Body extends AutoCloseable {
    /** Writes all of it. */
    void writeTo(OutputStream out) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** One header. */
  record Header(String name, String value) {}

  private final int status;
  private final long length;
  private final Body body;
  private final List<Header> headers = new ArrayList<>();

  private Response(int status, long length, Body body) {
    this.status = status;
    this.length = length;
    this.body = body;
  }

  /** A page. */
  public static Response html(int status, String html) {
    return bytes(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of some type. */
  public static Response bytes(int status, String type, byte[] bytes) {
    return of(status, bytes.length, out -> out.write(bytes)).with("Content-Type", type);
  }

  /** Sends the browser to another page of ours; it asks for it with a {@code GET}. */
  public static Response redirect(String path) {
    return of(303, 0, out -> {}).with("Location", path);
  }

  /**
   * A body that is written while it is read.
   *
   * @param length how many bytes it has
   */
  public static Response of(int status, long length, Body body) {
    return new Response(status, length, body);
  }

  /** Adds a header. */
  public Response with(String name, String value) {
    headers.add(new Header(name, value));
    return this;
  }

  int status() {
    return status;
  }

  long length() {
    return length;
  }

  Body body() {
    return body;
  }

  List<Header> headers() {
    return headers;
  }
}
