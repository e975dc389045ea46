package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.examples.dashboard.TestApp.Tenant;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What support uploads: however large, it never stays, and never waits in memory. */
class UploadTest {

  private static TestApp app;
  private static Tenant tenant;
  private static Visitor support;

  @BeforeAll
  static void start() {
    app = TestApp.start();
    tenant = app.tenant("Uploaded");
    support = Visitor.loggedIn(app, app.support());
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static String path() {
    return "/support/firms/" + tenant.id() + "/archives";
  }

  private static String token() {
    return support.csrf("/support/firms/" + tenant.id());
  }

  private static long sizeOfTheUpload() {
    return app.uploads().stream().mapToLong(file -> file.toFile().length()).sum();
  }

  private static byte[] lines(String... lines) {
    return (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_file_goes_to_the_disk_as_it_comes_in_and_is_gone_when_it_is_broken_off() throws Exception {
    int half = 300_000;
    URI address = URI.create(app.address());
    try (Socket socket = new Socket("localhost", address.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          lines(
              "POST " + path() + " HTTP/1.1",
              "Host: localhost",
              "Cookie: session=" + support.cookie("session").orElseThrow(),
              "Content-Length: " + 2 * half,
              "Content-Type: multipart/form-data; boundary=" + Visitor.BOUNDARY,
              ""));
      out.write(
          lines(
              "--" + Visitor.BOUNDARY,
              "Content-Disposition: form-data; name=\"csrf\"",
              "",
              token(),
              "--" + Visitor.BOUNDARY,
              "Content-Disposition: form-data; name=\"file\"; filename=\"a.gz\"",
              ""));
      out.write(new byte[half]);
      out.flush();
      await().until(() -> sizeOfTheUpload() > half / 2);
    }

    await().until(() -> app.uploads().isEmpty());
    assertThat(app.backups().service().restorePoints(tenant.id())).isEmpty();
  }

  @Test
  void a_file_may_be_as_large_as_the_limit_and_no_byte_larger() {
    byte[] most = new byte[(int) TestApp.LARGEST_UPLOAD];
    byte[] more = new byte[most.length + 1];

    // It was read to its end, and is no archive.
    assertThat(support.upload(path(), most, "csrf", token()).statusCode()).isEqualTo(422);
    HttpResponse<String> refused = support.upload(path(), more, "csrf", token());

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("larger than the %d bytes".formatted(most.length));
    assertThat(app.uploads()).isEmpty();
  }

  @Test
  void a_form_without_a_file_and_one_that_is_no_upload_are_refused() {
    HttpResponse<String> empty = support.upload(path(), new byte[0], "csrf", token());
    HttpResponse<String> plain = support.post(path(), "csrf", token());

    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(empty.body()).contains("No file was chosen");
    assertThat(plain.statusCode()).isEqualTo(400);
    assertThat(plain.body()).contains("That was no upload");
    assertThat(app.uploads()).isEmpty();
  }

  @Test
  void takes_in_an_archive_whose_file_has_a_long_name_in_any_script() throws Exception {
    Tenant owner = app.tenant("Long Names");
    RestorePoint point = app.backUp(owner);
    byte[] bytes;
    try (InputStream in = app.backups().service().open(point.label())) {
      bytes = in.readAllBytes();
    }
    String page = "/support/firms/" + owner.id();

    HttpResponse<String> response =
        support.upload(page + "/archives", "バックアップ".repeat(30), bytes, "csrf", support.csrf(page));

    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(app.backups().service().restorePoints(owner.id())).anyMatch(RestorePoint::pinned);
  }

  @Test
  void an_archive_that_nobody_here_knows_is_taken_in_by_consent_alone() throws Exception {
    Tenant owner = app.tenant("Strangers");
    RestorePoint point = app.backUp(owner);
    byte[] bytes;
    try (InputStream in = app.backups().service().open(point.label())) {
      bytes = in.readAllBytes();
    }
    // As if another machine had made it.
    for (Path file :
        StoreFiles.all(StoreFiles.folder(app.folder().resolve("backups"), point.label()))) {
      Files.delete(file);
    }
    String page = "/support/firms/" + owner.id();

    HttpResponse<String> refused =
        support.upload(page + "/archives", bytes, "csrf", support.csrf(page));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("the store has no record of it", "take it in unsigned, by consent");
    assertThat(app.backups().service().restorePoints(owner.id())).isEmpty();

    HttpResponse<String> taken =
        support.upload(page + "/archives", bytes, "csrf", support.csrf(page), "unsigned", "yes");

    assertThat(taken.statusCode()).isEqualTo(303);
    assertThat(app.backups().service().restorePoints(owner.id())).anyMatch(RestorePoint::pinned);
  }
}
