package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive that is sent back may have been changed on its way, or be made by anybody. */
class SentArchiveTest {

  private static final TenantId ONE = Lab.id(1);
  private static final SigningKeys OLD = SigningKeys.of("2026", secret(1));
  private static final SigningKeys ROTATED =
      SigningKeys.of("2027", secret(2)).accepting("2026", secret(1));
  private static final SigningKeys OTHER = SigningKeys.of("elsewhere", secret(3));

  @TempDir Path folder;
  private Lab lab;

  private static byte[] secret(int of) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) of);
    return secret;
  }

  @BeforeEach
  void create() {
    lab = lab("here");
  }

  private Lab lab(String name) {
    try {
      return Lab.with(
          Files.createDirectory(folder.resolve(name)),
          "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
          "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT)",
          "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
          "INSERT INTO docs VALUES (1, 1, 'a'), (2, 2, 'b')");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private BackupService.Builder service(Lab of) {
    return BackupService.builder(of.source(), of.store());
  }

  private Path download(BackupService service, Label label) throws IOException {
    Path file = Files.createTempDirectory(folder, "sent").resolve(label + ".tar.gz");
    try (InputStream in = service.open(label)) {
      Files.copy(in, file);
    }
    return file;
  }

  /** An archive of a database elsewhere that nobody here knows. */
  private Path madeElsewhere(SigningKeys keys) throws IOException {
    Lab elsewhere = lab("elsewhere");
    try (BackupService service = service(elsewhere).signing(keys).build()) {
      return download(service, service.backup(ONE).restorePoint().label());
    }
  }

  private Path forged() throws Exception {
    return ForgedArchive.of(lab, folder.resolve("forgery"))
        .sql("UPDATE docs SET body = 'forged'")
        .honestTables()
        .write();
  }

  private void assertUnknown(BackupService service, TenantId tenant, Path file) {
    int before = lab.store().list(ArchiveOwner.anyone()).archives().size();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> service.importArchive(tenant, file))
        .withMessageContaining("not signed by a key of this host")
        .withMessageContaining("no record of it")
        .satisfies(e -> assertThat(e.advice()).contains("take it in unsigned, by consent"));
    assertThat(lab.store().list(ArchiveOwner.anyone()).archives()).hasSize(before);
  }

  private void assertTaken(RestorePoint taken, boolean untrusted) {
    assertThat(taken.pinned()).isTrue();
    assertThat(taken.verified()).isTrue();
    assertThat(taken.label().isByDate()).isTrue();
    assertThat(lab.store().stat(taken.label()).untrusted()).isEqualTo(untrusted);
  }

  @Test
  void a_forged_one_is_refused_and_by_consent_it_is_untrusted() throws Exception {
    Path forged = forged();
    try (BackupService service = lab.service()) {
      assertUnknown(service, ONE, forged);

      RestorePoint taken = service.importArchive(ONE, forged, Lab.BY_CONSENT);

      assertTaken(taken, true);
      assertThat(service.preview(ONE, taken.label()).notes())
          .contains(
              "The archive came in from outside, neither signed nor known here: be sure who had"
                  + " it");
      service.restore(ONE, taken.label());
      assertThat(lab.query("SELECT body FROM docs WHERE id = 1")).isEqualTo("forged");
    }
  }

  @Test
  void it_is_not_trusted_more_when_it_comes_again_and_has_to_be_consented_to_once_it_is_gone()
      throws Exception {
    Path forged = forged();
    try (BackupService service = lab.service()) {
      Label first = service.importArchive(ONE, forged, Lab.BY_CONSENT).label();

      RestorePoint again = service.importArchive(ONE, forged);

      assertTaken(again, true);
      service.verify(again.label());
      service.release(again.label());
      service.pin(again.label());
      assertTaken(service.restorePoint(again.label()), true);
      service.backup(ONE);
      service.delete(first);
      service.delete(again.label());
      assertUnknown(service, ONE, forged);
    }
  }

  @Test
  void nothing_that_it_computes_is_looked_at_without_consent() throws Exception {
    Path hostile =
        ForgedArchive.of(lab, folder.resolve("forgery"))
            .sql("ALTER TABLE docs RENAME TO real", "CREATE VIEW docs AS SELECT * FROM real")
            .write();
    try (BackupService service = lab.service()) {
      assertUnknown(service, ONE, hostile);
      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(() -> service.importArchive(ONE, hostile, Lab.BY_CONSENT));
    }
  }

  @Test
  void a_copy_of_what_is_in_the_store_is_known() throws Exception {
    try (BackupService service = lab.service()) {
      Path copy = download(service, lab.backup(1));

      assertTaken(service.importArchive(ONE, copy), false);
      assertTaken(service.importArchive(ONE, copy, Lab.BY_CONSENT), false);
    }
  }

  @Test
  void also_where_a_version_before_has_noted_nothing_of_it() throws Exception {
    try (BackupService service = lab.service()) {
      Label label = lab.backup(1);
      Path copy = download(service, label);
      lab.store().record(label, lab.store().stat(label).record().withoutSummary());

      assertTaken(service.importArchive(ONE, copy), false);
    }
  }

  @Test
  void a_copy_of_what_retention_has_deleted_is_known() throws Exception {
    try (BackupService service = service(lab).retention(RetentionPolicy.keepLast(1)).build()) {
      Label mailed = service.backup(ONE).restorePoint().label();
      Path copy = download(service, mailed);
      service.backup(ONE);
      assertThat(service.restorePoints(ONE)).extracting(RestorePoint::label).doesNotContain(mailed);

      assertTaken(service.importArchive(ONE, copy), false);
    }
  }

  @Test
  void a_copy_of_a_safety_archive_is_known_too() throws Exception {
    try (BackupService service = lab.service()) {
      Label label = lab.backup(1);
      lab.execute("UPDATE docs SET body = 'now' WHERE id = 1");
      Label safety = service.restore(ONE, label).safety().orElseThrow().label();

      assertTaken(service.importArchive(ONE, download(service, safety)), false);
    }
  }

  @Test
  void what_is_known_of_another_tenant_is_of_no_use() throws Exception {
    try (BackupService service = lab.service()) {
      Path copy = download(service, lab.backup(1));
      lab.backup(2);

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.importArchive(Lab.id(2), copy))
          .withMessageContaining("of tenant 1, not of tenant 2");
      Path renamed = ForgedArchive.of(lab, folder.resolve("renamed")).tenant(Lab.id(2)).write();
      assertUnknown(service, Lab.id(2), renamed);
    }
  }

  @Test
  void a_damaged_copy_is_damaged_and_not_unknown() throws Exception {
    try (BackupService service = lab.service()) {
      Path copy = download(service, lab.backup(1));
      byte[] bytes = Files.readAllBytes(copy);
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy, bytes);

      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(() -> service.importArchive(ONE, copy));
    }
  }

  @Test
  void a_signed_one_is_accepted_with_a_key_that_was_rotated_out_too() throws Exception {
    Path signed = madeElsewhere(OLD);
    for (BackupService.Builder builder :
        new BackupService.Builder[] {
          service(lab).signing(OLD),
          service(lab).signing(ROTATED),
          service(lab).recognising(OLD),
          service(lab).recognising(ROTATED)
        }) {
      try (BackupService service = builder.build()) {
        assertTaken(service.importArchive(ONE, signed), false);
      }
    }
  }

  @Test
  void one_signed_with_a_key_that_is_gone_needs_a_record_or_consent() throws Exception {
    Path signed = madeElsewhere(OLD);
    try (BackupService service = service(lab).recognising(OTHER).build()) {
      assertUnknown(service, ONE, signed);
      assertTaken(service.importArchive(ONE, signed, Lab.BY_CONSENT), true);
    }
    Path own;
    try (BackupService service = service(lab).recognising(OLD).build()) {
      own = download(service, service.backup(ONE).restorePoint().label());
    }
    try (BackupService service = service(lab).recognising(OTHER).build()) {
      assertTaken(service.importArchive(ONE, own), false);
    }
  }

  @Test
  void a_signature_in_the_name_of_our_key_is_damage_whoever_consents() throws Exception {
    Path signed = madeElsewhere(SigningKeys.of("2026", secret(9)));
    try (BackupService service = service(lab).recognising(ROTATED).build()) {
      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(() -> service.importArchive(ONE, signed, Lab.BY_CONSENT))
          .withMessageContaining("signature is wrong");
    }
  }

  @Test
  void where_only_signed_ones_are_read_consent_brings_in_nothing_that_nobody_could_read_later()
      throws Exception {
    Path forged = forged();
    Path signed = madeElsewhere(OTHER);
    try (BackupService service = service(lab).signing(OLD).build()) {
      for (Path file : new Path[] {forged, signed}) {
        assertThatExceptionOfType(ArchiveNotReadable.class)
            .isThrownBy(() -> service.importArchive(ONE, file, Lab.BY_CONSENT));
      }
      assertThat(lab.store().list(ArchiveOwner.anyone()).archives()).hasSize(1);
    }
  }

  @Test
  void keys_that_only_recognise_leave_every_archive_of_the_store_as_it_was() throws Exception {
    Label unsigned = lab.backup(1);
    Label others;
    try (BackupService service = service(lab).signing(OTHER).build()) {
      others = service.backup(ONE).restorePoint().label();
    }
    lab.execute("UPDATE docs SET body = 'now' WHERE id = 1");
    try (BackupService service = service(lab).recognising(ROTATED).build()) {
      assertThat(service.restorePoints(ONE)).hasSize(2);
      assertThat(service.unreadableArchives(ONE)).isEmpty();
      for (Label label : new Label[] {unsigned, others}) {
        assertThat(service.verify(label).verified()).isTrue();
        service.restore(ONE, label);
        assertThat(lab.query("SELECT body FROM docs WHERE id = 1")).isEqualTo("a");
        service.undo(ONE);
        assertThat(lab.query("SELECT body FROM docs WHERE id = 1")).isEqualTo("now");
      }
      assertThat(service.backup(ONE).restorePoint().verified()).isTrue();
    }
  }
}
