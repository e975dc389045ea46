package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.memory.InMemoryLinkStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ArchiveDownloadTest {

  private static final int SIZE = 200_000;
  private static final TenantId ACME = TenantId.of(42);
  private static final LinkTerms A_WEEK = LinkTerms.validFor(Duration.ofDays(7));

  private static final class Answer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    Answer(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    int status() {
      return status;
    }

    Map<String, String> headers() {
      return headers;
    }

    byte[] body() {
      return body;
    }

    String header(String name) {
      return String.valueOf(headers.get(name));
    }

    String text() {
      return new String(body, UTF_8);
    }
  }

  final Shelf shelf = new Shelf();
  final TestClock clock = TestClock.at("2026-11-22T12:00:00Z");
  final DownloadLinks links =
      DownloadLinks.builder(shelf, LinkKeys.of(new byte[32]), new InMemoryLinkStore())
          .clock(clock)
          .build();
  final ArchiveDownload download = ArchiveDownload.of(links);
  final LinkedArchive archive = shelf.put("tenant_42_20261122010100", "a", SIZE);
  final byte[] bytes = shelf.bytes(archive);
  final String token = links.issue(ACME, archive.digest()).token().value();

  private Answer ask(String method, String token, String... headers) throws IOException {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    try (DownloadResponse response = download.serve(DownloadRequest.of(method, token, all::get))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      response.writeTo(out);
      assertThat(out.size()).isEqualTo((int) response.bodyLength());
      return new Answer(response.status(), response.headers(), out.toByteArray());
    }
  }

  @Test
  void gives_the_whole_archive() throws IOException {
    Answer answer = ask("GET", token);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(bytes);
    assertThat(answer.headers())
        .containsEntry("Content-Length", "200000")
        .containsEntry("Content-Type", "application/gzip")
        .containsEntry("Accept-Ranges", "bytes")
        .containsEntry("Cache-Control", "private, no-store, no-transform")
        .containsEntry("Referrer-Policy", "no-referrer")
        .containsEntry(
            "Content-Disposition", "attachment; filename=\"tenant_42_20261122010100.tar.gz\"")
        .containsEntry("ETag", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-30d40-gz\"");
  }

  @Test
  void a_head_has_the_same_headers_and_no_body() throws IOException {
    assertThat(ask("HEAD", token).headers()).isEqualTo(ask("GET", token).headers());
    assertThat(ask("HEAD", token).body()).isEmpty();
    assertThat(ask("HEAD", token, "Range", "bytes=5-").status()).isEqualTo(200);
  }

  @Test
  void resumes() throws IOException {
    String tag = ask("HEAD", token).header("ETag");

    Answer rest = ask("GET", token, "Range", "bytes=150000-", "If-Range", tag);

    assertThat(rest.status()).isEqualTo(206);
    assertThat(rest.header("Content-Range")).isEqualTo("bytes 150000-199999/200000");
    assertThat(rest.header("Content-Length")).isEqualTo("50000");
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(bytes, 150_000, SIZE));
  }

  @Test
  void gives_parts_of_the_middle_and_of_the_end() throws IOException {
    assertThat(ask("GET", token, "Range", "bytes=7-9").body())
        .isEqualTo(Arrays.copyOfRange(bytes, 7, 10));
    assertThat(ask("GET", token, "Range", "bytes=-3").body())
        .isEqualTo(Arrays.copyOfRange(bytes, SIZE - 3, SIZE));
  }

  @Test
  void gives_all_of_it_where_a_part_would_be_wrong() throws IOException {
    assertThat(ask("GET", token, "Range", "bytes=0-1,5-6").body()).isEqualTo(bytes);
    assertThat(ask("GET", token, "Range", "lines=0-1").body()).isEqualTo(bytes);
    for (String validator :
        new String[] {
          "\"another\"",
          "W/\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-30d40-gz\"",
          "Sun, 22 Nov 2026 01:01:00 GMT"
        }) {
      Answer answer = ask("GET", token, "Range", "bytes=5-", "If-Range", validator);
      assertThat(answer.status()).as(validator).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(bytes);
    }
  }

  @Test
  void says_how_long_it_is_where_a_range_is_behind_its_end() throws IOException {
    Answer answer = ask("GET", token, "Range", "bytes=200000-");

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */200000");
  }

  @Test
  void keeps_to_conditions() throws IOException {
    String tag = ask("HEAD", token).header("ETag");

    assertThat(ask("GET", token, "If-None-Match", "\"x\", " + tag).status()).isEqualTo(304);
    assertThat(ask("GET", token, "If-None-Match", "\"x\"").status()).isEqualTo(200);
    assertThat(ask("GET", token, "If-Match", "\"x\"").status()).isEqualTo(412);
    assertThat(ask("GET", token, "If-Match", tag).status()).isEqualTo(200);
  }

  @Test
  void an_id_that_needs_encoding_has_a_safe_name_and_an_exact_one() throws IOException {
    LinkedArchive odd = shelf.put("tenant_a%2Fb%22_20261122010100", "b", 10);

    Answer answer = ask("HEAD", links.issue(odd.tenant(), odd.digest()).token().value());

    assertThat(answer.header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"tenant_a_2Fb_22_20261122010100.tar.gz\";"
                + " filename*=UTF-8''tenant_a%252Fb%2522_20261122010100.tar.gz");
  }

  @Test
  void a_scanner_of_mails_uses_no_counted_link_up() throws IOException {
    DownloadLink link = links.issue(ACME, archive.digest(), A_WEEK.downloads(1));
    String counted = link.token().value();

    for (int i = 0; i < 3; i++) {
      Answer page = ask("GET", counted);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text())
          .contains("<form method=\"post\"><button>Download</button></form>")
          .contains("tenant_42_20261122010100.tar.gz, 200 kB");
      assertThat(ask("HEAD", counted).header("Content-Type")).startsWith("text/html");
    }
    assertThat(links.downloads(link)).isZero();

    Answer begun = ask("POST", counted);
    assertThat(begun.status()).isEqualTo(303);
    assertThat(links.downloads(link)).isOne();
    String address = begun.header("Location");
    assertThat(address).matches("[A-Za-z0-9_-]+").isNotEqualTo(counted);
    assertThat(ask("GET", address).body()).isEqualTo(bytes);
    assertThat(ask("GET", address, "Range", "bytes=5-9").status()).isEqualTo(206);
    assertThat(links.downloads(link)).isOne();

    assertThat(ask("POST", counted).status()).isEqualTo(410);
    assertThat(ask("GET", counted).text()).contains("This link was used");
  }

  @Test
  void a_download_that_was_begun_ends_with_its_time_its_link_and_its_archive() throws IOException {
    DownloadLink link = links.issue(ACME, archive.digest(), A_WEEK.downloads(3));
    String first = ask("POST", link.token().value()).header("Location");
    clock.advance(Duration.ofHours(25));
    assertThat(ask("GET", first).status()).isEqualTo(410);

    String second = ask("POST", link.token().value()).header("Location");
    assertThat(ask("GET", second).status()).isEqualTo(200);
    links.revoke(link.id());
    assertThat(ask("GET", second).text()).contains("This link was revoked");
  }

  @Test
  void refuses_other_methods() throws IOException {
    assertThat(ask("POST", token).status()).isEqualTo(405);
    assertThat(ask("DELETE", token).header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void says_clearly_why_there_is_no_file() throws IOException {
    DownloadLink link = links.issue(ACME, archive.digest());
    assertThat(ask("GET", "nonsense").status()).isEqualTo(404);
    assertThat(ask("GET", "nonsense").text()).contains("This link does not work");

    links.revoke(link.id());
    assertThat(ask("GET", link.token().value()).text()).contains("This link was revoked");
    shelf.remove(archive);
    Answer gone = ask("GET", token);
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.text()).contains("This backup is not here any more");
    assertThat(gone.header("Content-Security-Policy")).startsWith("default-src 'none'");
    clock.advance(Duration.ofDays(15));
    assertThat(ask("GET", token).text()).contains("This link has expired");
  }

  @Test
  void a_store_that_fails_is_asked_again_later() throws IOException {
    shelf.burn();

    Answer answer = ask("GET", token);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("60");
    assertThat(answer.text()).contains("try again");
  }

  @Test
  void no_link_is_in_the_log() throws IOException {
    shelf.burn();
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try {
      ask("GET", token);
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(UTF_8)).contains("The shelf burns").doesNotContain(token);
  }

  @Test
  void sends_the_browser_to_the_store_where_that_hands_out() throws IOException {
    shelf.handOutAt(URI.create("https://store.example/x?signature=s"));

    Answer answer = ask("GET", token);

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("https://store.example/x?signature=s");
  }

  @Test
  void a_host_shows_pages_of_its_own() throws IOException {
    ArchiveDownload danish =
        download.showing(
            (kind, which, request) -> kind + " " + request.header("Accept-Language").orElse("-"));
    try (DownloadResponse response =
        danish.serve(DownloadRequest.of("GET", "x", Map.of("Accept-Language", "da")::get))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      response.writeTo(out);
      assertThat(out.toString(UTF_8)).isEqualTo("MALFORMED da");
    }
  }

  @Test
  void an_archive_that_ends_too_early_breaks_the_download_off() {
    DownloadResponse cut =
        new DownloadResponse(200, Map.of(), new ByteArrayInputStream(new byte[5]), 9);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> cut.writeTo(new ByteArrayOutputStream()))
        .withMessage("The archive ended 4 bytes too early");
  }
}
