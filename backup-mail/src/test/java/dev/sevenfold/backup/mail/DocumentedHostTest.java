package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkTerms;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host of {@code docs/mail.md}: what the page shows is what runs here. */
class DocumentedHostTest {

  private static final byte[] SECRET = new byte[32];

  @TempDir Path folder;

  @BeforeAll
  static void server_is_there() {
    MailServer.requireInstalled();
  }

  // tag::directory
  /** Knows who gets mail; a real host asks its database. */
  static final class Users implements RecipientDirectory {

    @Override
    public List<Recipient> ofTenant(TenantId tenant) {
      return List.of(
          new Recipient(
              new MailAddress("office@acme.example", "Acme Ltd"),
              Locale.forLanguageTag("da"),
              ZoneId.of("Europe/Copenhagen")));
    }

    @Override
    public List<Recipient> operators() {
      return List.of(
          new Recipient(MailAddress.of("ops@app.example"), Locale.ENGLISH, ZoneId.of("UTC")));
    }

    @Override
    public String nameOf(TenantId tenant) {
      return "Acme Ltd";
    }
  }

  // end::directory

  @Test
  void what_the_page_shows_sends_a_mail_with_a_link_that_works() throws Exception {
    TenantSource source = source();
    ArchiveStore store = new InMemoryArchiveStore();
    try (MailServer relay = MailServer.start("plain", 0)) {
      SmtpServer smtp = SmtpServer.loopback("localhost", relay.port()).build();
      // tag::host
      BackupMailer mailer =
          BackupMailer.builder(
                  smtp,
                  new MailAddress("backup@app.example", "Acme ERP"),
                  new Users(),
                  FolderOutbox.open(folder.resolve("outbox")))
              .product("Acme ERP")
              .support("support@app.example")
              .build();
      BackupService backups = BackupService.builder(source, store).listener(mailer).build();
      DownloadLinks links =
          backups
              .links(LinkKeys.of(SECRET), SqliteLinkStore.open(folder.resolve("links.sqlite3")))
              .terms(LinkTerms.validFor(Duration.ofDays(14)))
              .build();
      mailer.start(links, URI.create("https://app.example/backups/"));
      // end::host

      backups.backup(TenantId.of(1));

      String text = Parsed.of(relay.next().content()).text();
      assertThat(text).contains("Dette er en fuldstændig kopi af data for Acme Ltd i Acme ERP.");
      String token =
          text.lines()
              .filter(line -> line.startsWith("https://app.example/backups/"))
              .map(line -> line.substring("https://app.example/backups/".length()))
              .findFirst()
              .orElseThrow();
      assertThat(links.check(token).archive()).isPresent();
      await().until(() -> attemptsLeft() == 0);
      mailer.close();
      backups.close();
    }
  }

  private long attemptsLeft() throws Exception {
    try (var files = Files.newDirectoryStream(folder.resolve("outbox"), "*.mail")) {
      long left = 0;
      for (Path file : files) {
        assertThat(file).exists();
        left++;
      }
      return left;
    }
  }

  private TenantSource source() throws Exception {
    Path file = folder.resolve("app.sqlite3");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)");
      statement.executeUpdate("INSERT INTO tenants VALUES (1, 'Acme Ltd')");
    }
    return SqliteTenantSource.builder(file, TenantModel.rootedAt("tenants").build()).build();
  }

  @Test
  void the_page_shows_what_runs_here() throws Exception {
    String page = Files.readString(Path.of("../docs/mail.md"));
    String here =
        Files.readString(
            Path.of("src/test/java/dev/sevenfold/backup/mail/DocumentedHostTest.java"));
    for (String part : List.of("directory", "host")) {
      String code =
          here.substring(
                  here.indexOf("// tag::" + part + "\n") + ("// tag::" + part + "\n").length(),
                  here.indexOf("// end::" + part + "\n"))
              .stripTrailing()
              .stripIndent();
      assertThat(page).contains("```java\n" + code + "\n```");
    }
  }
}
