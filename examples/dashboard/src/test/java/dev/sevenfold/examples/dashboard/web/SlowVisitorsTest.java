package dev.sevenfold.examples.dashboard.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Visitors who send or take a byte now and then: they lose their connection, nobody else waits. */
class SlowVisitorsTest {

  private static final int MANY = 80;
  private static final String HEADERS = "GET /hello HTTP/1.1\r\nHost: local";
  private static final String BODY =
      "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
          + "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=";

  /** There is no such page: what was sent is not read by us, but by the server itself. */
  private static final String UNREAD =
      "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final CountDownLatch working = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private WebServer server(Duration patience) throws IOException {
    WebServer server =
        WebServer.on(
                0,
                (request, error) -> Response.html(error.status(), error.title()),
                request -> Optional.empty(),
                patience)
            .route("GET /hello", request -> Response.html(200, "Hello"))
            .route("POST /form", request -> Response.html(200, request.field("name")))
            .route("GET /large", request -> Response.of(200, 1 << 30, large()))
            .route("GET /work", request -> Response.html(200, work()))
            .start();
    opened.add(server);
    return server;
  }

  private Response.Body large() {
    return new Response.Body() {
      @Override
      public void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < 1 << 14; i++) {
          out.write(new byte[1 << 16]);
        }
      }

      @Override
      public void close() {
        // What a store is asked for then is not disturbed.
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        letGo.countDown();
      }
    };
  }

  private String work() {
    try {
      working.await();
      return "Done";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "Disturbed";
    }
  }

  private Socket send(WebServer server, String request) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private static HttpResponse<String> ask(WebServer server, String path) throws Exception {
    URI uri = URI.create("http://localhost:%d%s".formatted(server.port(), path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  /** Sends a byte now and then, until the connection is gone. */
  private static boolean trickles(Socket socket) throws IOException {
    socket.setSoTimeout(20);
    while (true) {
      try {
        socket.getOutputStream().write('a');
        if (socket.getInputStream().read() < 0) {
          return false;
        }
      } catch (SocketTimeoutException e) {
        // Nothing came back, and the connection is there: go on.
      } catch (SocketException e) {
        return false;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HEADERS, BODY, UNREAD, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"})
  void however_many_are_slow_the_next_visitor_is_served(String request) throws Exception {
    WebServer server = server(Duration.ofHours(1));
    for (int i = 0; i < MANY; i++) {
      send(server, request);
    }

    assertThat(ask(server, "/hello").body()).isEqualTo("Hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {HEADERS, BODY, UNREAD})
  void whoever_sends_a_byte_now_and_then_is_cut_off(String request) throws Exception {
    WebServer server = server(Duration.ofMillis(300));

    assertThat(trickles(send(server, request))).isFalse();
  }

  @Test
  void whoever_takes_nothing_is_cut_off_and_what_was_read_is_let_go() throws Exception {
    WebServer server = server(Duration.ofMillis(300));
    send(server, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");

    letGo.await();
    assertThat(ask(server, "/hello").body()).isEqualTo("Hello");
  }

  @Test
  void our_own_work_is_not_cut_off_however_long_it_takes() throws Exception {
    WebServer server = server(Duration.ofMillis(300));
    Socket slow = send(server, BODY);
    Socket worked = send(server, "GET /work HTTP/1.1\r\nHost: localhost\r\n\r\n");

    // Both began; when one was cut off the other has had as much time.
    assertThat(trickles(slow)).isFalse();
    working.countDown();

    assertThat(new String(worked.getInputStream().readNBytes(12), UTF_8)).isEqualTo("HTTP/1.1 200");
  }
}
