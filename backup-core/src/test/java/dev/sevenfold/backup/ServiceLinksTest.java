package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.DownloadRequest;
import dev.sevenfold.backup.link.DownloadResponse;
import dev.sevenfold.backup.link.LinkCheck.Status;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links to the archives of a real service. */
class ServiceLinksTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  ArchiveStore store;
  BackupService backups;
  DownloadLinks links;
  RestorePoint point;

  @BeforeEach
  void create() {
    SharedDatabase database = SharedDatabase.create(folder, 12, 7);
    store = DirectoryArchiveStore.at(folder.resolve("backups"));
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), store)
            .compression(Compression.ZSTD)
            .scratch(folder.resolve("scratch"))
            .build();
    links =
        backups
            .links(LinkKeys.of(new byte[32]), SqliteLinkStore.open(folder.resolve("links.sqlite3")))
            .build();
    point = backups.backup(ONE).restorePoint();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  private Status status(DownloadLink link) {
    return links.check(link.token().value()).status();
  }

  private static byte[] body(DownloadResponse response) throws Exception {
    try (response) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      response.writeTo(out);
      return out.toByteArray();
    }
  }

  private DownloadRequest get(DownloadLink link, Map<String, String> headers) {
    return DownloadRequest.of("GET", link.token().value(), headers::get);
  }

  @Test
  void the_archive_is_downloaded_byte_by_byte_and_can_be_taken_back_in() throws Exception {
    DownloadLink link = links.issue(ONE, point.digest());
    ArchiveDownload download = ArchiveDownload.of(links);
    byte[] archive;
    try (InputStream in = backups.open(point.label())) {
      archive = in.readAllBytes();
    }

    DownloadResponse whole = download.serve(get(link, Map.of()));
    assertThat(whole.headers().get("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + point.label() + ".tar.zst\"");
    byte[] bytes = body(whole);

    assertThat(bytes).isEqualTo(archive);
    assertThat(body(download.serve(get(link, Map.of("Range", "bytes=100-")))))
        .isEqualTo(Arrays.copyOfRange(archive, 100, archive.length));
    Path kept = Files.write(folder.resolve("kept"), bytes);
    assertThat(backups.importArchive(ONE, kept).digest()).isEqualTo(point.digest());
  }

  @Test
  void a_link_follows_its_archive_to_another_label_and_dies_with_it() {
    DownloadLink link = links.issue(ONE, point.digest());
    Label other = Label.parse("tenant_1_2026-11-24");

    store.publish(
        other,
        out -> {
          try (InputStream in = store.open(point.label())) {
            in.transferTo(out);
          }
        });
    store.delete(point.label());
    assertThat(links.check(link.token().value()).archive().orElseThrow().label()).isEqualTo(other);

    store.delete(other);
    assertThat(status(link)).isEqualTo(Status.GONE);
  }

  @Test
  void a_link_hands_out_no_other_archive_that_took_the_place_of_its_own() throws Exception {
    DownloadLink link = links.issue(ONE, point.digest());
    RestorePoint other = backups.backup(TenantId.of(2)).restorePoint();
    ArchiveRecord record = store.stat(point.label()).record();
    try (InputStream in = store.open(other.label())) {
      Files.copy(
          in,
          StoreFiles.file(folder.resolve("backups"), point.label(), ".tar.zst"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    // As if both had the same size.
    store.record(point.label(), record);
    assertThat(status(link)).isEqualTo(Status.VALID);

    DownloadResponse response = ArchiveDownload.of(links).serve(get(link, Map.of()));

    assertThat(response.status()).isEqualTo(410);
    assertThat(body(response)).asString().contains("html");
    assertThat(ArchiveDownload.of(links).serve(get(link, Map.of("Range", "bytes=9-"))).status())
        .isEqualTo(410);
  }

  @Test
  void a_link_is_of_its_tenant_alone_and_revocations_outlive_the_process() {
    assertThatExceptionOfType(ArchiveNotFound.class)
        .isThrownBy(() -> links.issue(TenantId.of(2), point.digest()));
    DownloadLink link = links.issue(ONE, point.digest());
    links.revokeAll(ONE);

    DownloadLinks later =
        backups
            .links(LinkKeys.of(new byte[32]), SqliteLinkStore.open(folder.resolve("links.sqlite3")))
            .build();
    assertThat(later.check(link.token().value()).status()).isEqualTo(Status.REVOKED);
  }
}
