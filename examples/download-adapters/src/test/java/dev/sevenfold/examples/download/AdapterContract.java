package dev.sevenfold.examples.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an adapter passes on, seen by real HTTP clients. */
abstract class AdapterContract {

  @TempDir Path folder;
  final OneArchive served = new OneArchive();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Socket> sockets = new ArrayList<>();
  private URI base = URI.create("http://localhost/");

  /** Starts a server on a free port of the loopback. */
  abstract URI start(OneArchive served) throws Exception;

  abstract void stop() throws Exception;

  @BeforeEach
  void up() throws Exception {
    base = start(served);
  }

  @AfterEach
  void down() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    stop();
  }

  private HttpResponse<byte[]> send(String method, URI uri, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void gives_the_archive_with_its_name_and_length() throws Exception {
    HttpResponse<byte[]> whole = send("GET", served.link().under(base));

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(served.bytes);
    assertThat(header(whole, "Content-Length")).isEqualTo("9000000");
    assertThat(header(whole, "Content-Type")).isEqualTo("application/gzip");
    assertThat(header(whole, "Content-Disposition"))
        .isEqualTo("attachment; filename=\"tenant_42_20261124010100.tar.gz\"");
    assertThat(header(whole, "Referrer-Policy")).isEqualTo("no-referrer");
  }

  @Test
  void a_head_tells_the_length() throws Exception {
    HttpResponse<byte[]> head = send("HEAD", served.link().under(base));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo("9000000");
    assertThat(header(head, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void a_download_that_broke_off_is_resumed() throws Exception {
    URI uri = served.link().under(base);
    served.failAt(4_000_000);
    // The length was promised: a file that is not whole never looks whole.
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> send("GET", uri));

    String tag = header(send("HEAD", uri), "ETag");
    HttpResponse<byte[]> rest = send("GET", uri, "Range", "bytes=4000000-", "If-Range", tag);

    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(header(rest, "Content-Range")).isEqualTo("bytes 4000000-8999999/9000000");
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(served.bytes, 4_000_000, OneArchive.SIZE));
  }

  @Test
  void curl_resumes() throws Exception {
    String uri = served.link().under(base).toString();
    Path file = folder.resolve("archive.tar.gz");
    served.failAt(5_000_000);
    assertThat(curl("-o", file.toString(), uri)).isNotZero();
    assertThat(Files.size(file)).isBetween(1L, 5_200_000L);

    assertThat(curl("-C", "-", "-o", file.toString(), uri)).isZero();

    assertThat(Files.readAllBytes(file)).isEqualTo(served.bytes);
  }

  private int curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Programs.require("curl", "curl").toString());
    command.addAll(List.of("--silent", "--show-error", "--fail", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("curl.txt").toFile())
        .start()
        .waitFor();
  }

  @Test
  void those_who_take_nothing_keep_nobody_else_waiting() throws Exception {
    URI uri = served.link().under(base);
    byte[] asked =
        "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(uri.getPath()).getBytes(UTF_8);
    for (int i = 0; i < 20; i++) {
      Socket slow = new Socket();
      sockets.add(slow);
      slow.setReceiveBufferSize(4 << 10);
      slow.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      slow.getOutputStream().write(asked);
      assertThat(slow.getInputStream().read()).isEqualTo('H');
    }

    assertThat(send("GET", uri).body()).isEqualTo(served.bytes);
  }

  @Test
  void a_range_behind_the_end_is_refused() throws Exception {
    HttpResponse<byte[]> response =
        send("GET", served.link().under(base), "Range", "bytes=9000000-");

    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */9000000");
  }

  @Test
  void a_counted_link_is_confirmed_and_then_downloads() throws Exception {
    DownloadLink link = served.countedLink();
    URI uri = link.under(base);
    HttpResponse<byte[]> page = send("GET", uri);
    assertThat(new String(page.body(), UTF_8)).contains("<form method=\"post\">");
    assertThat(send("HEAD", uri).statusCode()).isEqualTo(200);

    HttpResponse<byte[]> begun = send("POST", uri);
    assertThat(begun.statusCode()).isEqualTo(303);
    URI resumable = uri.resolve(header(begun, "Location"));
    assertThat(send("GET", resumable).body()).isEqualTo(served.bytes);
    assertThat(send("GET", resumable, "Range", "bytes=-1").statusCode()).isEqualTo(206);
    assertThat(send("GET", uri).statusCode()).isEqualTo(410);
  }

  @Test
  void a_link_that_does_not_work_has_a_page() throws Exception {
    DownloadLink link = served.link();
    served.links.revoke(link.id());

    HttpResponse<byte[]> revoked = send("GET", link.under(base));
    HttpResponse<byte[]> nonsense = send("GET", base.resolve("nonsense"));

    assertThat(revoked.statusCode()).isEqualTo(410);
    assertThat(header(revoked, "Content-Type")).matches("text/html; ?charset=utf-8");
    assertThat(new String(revoked.body(), UTF_8)).contains("This link was revoked");
    assertThat(nonsense.statusCode()).isEqualTo(404);
    assertThat(send("DELETE", served.link().under(base)).statusCode()).isEqualTo(405);
  }
}
