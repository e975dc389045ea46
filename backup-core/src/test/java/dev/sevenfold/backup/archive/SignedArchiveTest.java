package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedArchiveTest {

  private static final Content CONTENT = Content.tenant();
  private static final byte[] SECRET = secret(1);
  private static final byte[] OTHER_SECRET = secret(2);
  private static final SigningKeys KEYS = SigningKeys.of("2026", SECRET);

  @TempDir Path folder;

  @Test
  void a_signed_archive_is_accepted_with_its_key() {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(KEYS));

    assertAccepted(ArchiveReader.withDefaults().requiring(KEYS), archive);
  }

  @Test
  void a_signed_archive_is_accepted_by_who_asks_for_no_key() {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(KEYS));

    assertAccepted(ArchiveReader.withDefaults(), archive);
  }

  @Test
  void the_signature_is_not_extracted() {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(KEYS));

    ArchiveReader.withDefaults()
        .requiring(KEYS)
        .extract(new ByteArrayInputStream(archive), folder, bytes -> {});

    assertThat(Content.read(folder)).containsOnlyKeys(ArchiveManifest.TENANT_DATABASE);
  }

  @Test
  void an_archive_of_the_last_key_is_accepted_while_that_is_an_older_one() {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(KEYS));
    SigningKeys rotated = SigningKeys.of("2027", OTHER_SECRET).accepting("2026", SECRET);

    assertAccepted(ArchiveReader.withDefaults().requiring(rotated), archive);
  }

  @Test
  void rotated_keys_sign_with_the_current_one() {
    SigningKeys rotated = SigningKeys.of("2027", OTHER_SECRET).accepting("2026", SECRET);
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(rotated));

    assertAccepted(
        ArchiveReader.withDefaults().requiring(SigningKeys.of("2027", OTHER_SECRET)), archive);
    assertRefused(KEYS, archive, "signed with the key 2027, which is none of [2026]");
  }

  @Test
  void an_archive_that_is_not_signed_is_refused_where_a_key_is_required() {
    assertRefused(KEYS, CONTENT.write(ArchiveWriter.withDefaults()), "not signed");
  }

  @Test
  void an_archive_that_somebody_else_signed_under_the_same_id_is_refused() {
    byte[] archive =
        CONTENT.write(ArchiveWriter.withDefaults().signing(SigningKeys.of("2026", OTHER_SECRET)));

    assertRefused(KEYS, archive, "signature is wrong");
  }

  @Test
  void a_signature_of_another_archive_is_refused() {
    byte[] other = KEYS.sign("another manifest".getBytes(UTF_8));
    byte[] archive =
        CraftedTar.of(CONTENT.manifest())
            .file(ArchiveManifest.SIGNATURE_NAME, other)
            .files(CONTENT)
            .end()
            .gzip();

    assertRefused(KEYS, archive, "signature is wrong");
  }

  @Test
  void a_signature_at_the_end_is_refused() {
    byte[] line = KEYS.sign(ManifestJson.write(CONTENT.manifest()));
    byte[] archive =
        CraftedTar.of(CONTENT.manifest())
            .files(CONTENT)
            .file(ArchiveManifest.SIGNATURE_NAME, line)
            .end()
            .gzip();

    assertRefused(KEYS, archive, "not signed");
    Reading.refused(archive, folder);
  }

  @Test
  void keys_that_recognise_tell_whose_an_archive_is_and_read_all() {
    ArchiveReader reader = ArchiveReader.withDefaults().recognising(KEYS);
    byte[] ours = CONTENT.write(ArchiveWriter.withDefaults().signing(KEYS));
    byte[] unsigned = CONTENT.write(ArchiveWriter.withDefaults());
    SigningKeys others = SigningKeys.of("2027", OTHER_SECRET);
    byte[] signedByOthers = CONTENT.write(ArchiveWriter.withDefaults().signing(others));
    byte[] signedInAnotherWay =
        CraftedTar.of(CONTENT.manifest())
            .file(ArchiveManifest.SIGNATURE_NAME, "ED25519 2026 00\n".getBytes(UTF_8))
            .files(CONTENT)
            .end()
            .gzip();

    assertThat(isSigned(reader, ours)).isTrue();
    assertThat(isSigned(reader, unsigned)).isFalse();
    assertThat(isSigned(reader, signedByOthers)).isFalse();
    assertThat(isSigned(reader, signedInAnotherWay)).isFalse();
    assertThat(isSigned(ArchiveReader.withDefaults(), ours)).isFalse();
    assertThat(isSigned(ArchiveReader.withDefaults().requiring(KEYS), ours)).isTrue();
    SigningKeys sameId = SigningKeys.of("2026", OTHER_SECRET);
    byte[] inOurName = CONTENT.write(ArchiveWriter.withDefaults().signing(sameId));
    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> isSigned(reader, inOurName))
        .withMessageContaining("signature is wrong");
  }

  private static boolean isSigned(ArchiveReader reader, byte[] archive) {
    boolean whole = reader.verify(new ByteArrayInputStream(archive), bytes -> {}).signed();
    assertThat(reader.readHead(new ByteArrayInputStream(archive)).signed()).isEqualTo(whole);
    return whole;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HMAC-SHA256 2026 00\n",
        "NONE 2026 0000000000000000000000000000000000000000000000000000000000000000\n",
        "HMAC-SHA256 20/26 0000000000000000000000000000000000000000000000000000000000000000\n",
        "HMAC-SHA256 2026 0000000000000000000000000000000000000000000000000000000000000000",
      })
  void a_malformed_signature_is_refused(String line) {
    byte[] archive =
        CraftedTar.of(CONTENT.manifest())
            .file(ArchiveManifest.SIGNATURE_NAME, line.getBytes(UTF_8))
            .files(CONTENT)
            .end()
            .gzip();

    assertRefused(KEYS, archive, "signature is malformed");
    assertAccepted(ArchiveReader.withDefaults(), archive);
  }

  @Test
  void a_signature_without_end_is_refused_even_by_who_asks_for_no_key() {
    byte[] archive =
        CraftedTar.of(CONTENT.manifest())
            .file(ArchiveManifest.SIGNATURE_NAME, new byte[1 << 20])
            .files(CONTENT)
            .end()
            .gzip();

    Reading.refused(archive, folder);
  }

  /** {@code printf content | openssl dgst -sha256 -hmac …} says the same. */
  @Test
  void the_signature_is_an_ordinary_hmac_of_the_manifests_bytes() {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    assertThat(new String(SigningKeys.of("k", secret).sign("content".getBytes(UTF_8)), UTF_8))
        .isEqualTo(
            "HMAC-SHA256 k a8a05a1c63e6cf0d5962d61b34404c55c941fe8c3820fafbfcc7b88387692f79\n");
  }

  @Test
  void short_secrets_and_odd_ids_are_refused_without_printing_the_secret() {
    byte[] shortOne = "hunter2".getBytes(UTF_8);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.of("k", shortOne))
        .withMessageContaining("7 bytes")
        .withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of("", SECRET));
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of("a b", SECRET));
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of("a\n", SECRET));
    assertThatIllegalArgumentException().isThrownBy(() -> KEYS.accepting("2026", OTHER_SECRET));
  }

  @Test
  void keys_print_their_ids_alone() {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    SigningKeys keys = SigningKeys.of("new", secret).accepting("old", SECRET);

    assertThat(keys).hasToString("SigningKeys[current=new, accepted=[new, old]]");
  }

  @Test
  void a_secret_that_the_caller_wipes_is_still_known() {
    byte[] secret = SECRET.clone();
    SigningKeys keys = SigningKeys.of("2026", secret);
    Arrays.fill(secret, (byte) 0);

    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(keys));

    assertAccepted(ArchiveReader.withDefaults().requiring(KEYS), archive);
  }

  private static void assertAccepted(ArchiveReader reader, byte[] archive) {
    ArchiveHead head = reader.readHead(new ByteArrayInputStream(archive));

    assertThat(head.manifest()).isEqualTo(CONTENT.manifest());
    assertThat(reader.verify(new ByteArrayInputStream(archive), bytes -> {})).isEqualTo(head);
  }

  private void assertRefused(SigningKeys keys, byte[] archive, String why) {
    ArchiveReader reader = ArchiveReader.withDefaults().requiring(keys);

    assertThat(Reading.refused(reader, archive, folder)).hasMessageContaining(why);
    assertThatExceptionOfType(BackupException.class)
        .isThrownBy(() -> reader.readHead(new ByteArrayInputStream(archive)))
        .withMessageContaining(why);
  }

  private static byte[] secret(int seed) {
    byte[] secret = new byte[SigningKeys.SHORTEST_SECRET];
    Arrays.fill(secret, (byte) seed);
    return secret;
  }
}
