package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.link.LinkCheck.Status;
import dev.sevenfold.backup.memory.InMemoryLinkStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import dev.sevenfold.testsupport.TestClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DownloadLinksTest {

  private static final TenantId ACME = TenantId.of(42);
  private static final TenantId OTHER = TenantId.of(4);
  private static final LinkTerms A_DAY = LinkTerms.validFor(Duration.ofDays(1));

  final Shelf shelf = new Shelf();
  final InMemoryLinkStore store = new InMemoryLinkStore();
  final TestClock clock = TestClock.at("2026-11-22T12:00:00.900Z");
  final DownloadLinks links = with(LinkKeys.of(secret(1)));
  final LinkedArchive archive = shelf.put("tenant_42_20261122010100", "a", 100);

  private DownloadLinks with(LinkKeys keys) {
    return DownloadLinks.builder(shelf, keys, store).clock(clock).build();
  }

  private static byte[] secret(int seed) {
    byte[] secret = new byte[LinkKeys.SHORTEST_SECRET];
    new Random(seed).nextBytes(secret);
    return secret;
  }

  private Status status(DownloadLink link) {
    return links.check(link.token().value()).status();
  }

  @Test
  void leads_to_the_archive_until_it_expires() {
    DownloadLink link = links.issue(ACME, archive.digest(), A_DAY);

    assertThat(link.expiresAt()).isEqualTo("2026-11-23T12:00:00Z");
    LinkCheck check = links.check(link.token().value());
    assertThat(check.status()).isEqualTo(Status.VALID);
    assertThat(check.archive()).contains(archive);
    assertThat(check.link()).contains(link);
    clock.advance(Duration.ofHours(23));
    assertThat(status(link)).isEqualTo(Status.VALID);
    clock.advance(Duration.ofMinutes(60));
    assertThat(status(link)).isEqualTo(Status.EXPIRED);
  }

  @Test
  void is_short_and_fits_into_an_address() {
    DownloadLink link = links.issue(ACME, archive.digest());

    assertThat(link.token().value()).hasSizeLessThan(80).matches("[A-Za-z0-9_-]+");
    assertThat(link.under(URI.create("https://app.example/backups")))
        .isEqualTo(link.under(URI.create("https://app.example/backups/")))
        .asString()
        .isEqualTo("https://app.example/backups/" + link.token().value());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> link.under(URI.create("https://app.example/backups?to=")));
  }

  @Test
  void never_shows_its_token_by_accident() {
    DownloadLink link = links.issue(ACME, archive.digest());
    String secret = link.token().value();

    assertThat(link.toString()).doesNotContain(secret).contains("LinkToken[hidden]");
    assertThat(links.check(secret).toString()).doesNotContain(secret);
    assertThat(DownloadRequest.of("GET", secret, name -> null).toString()).doesNotContain(secret);
    assertThat(LinkKeys.of(secret(1)).toString())
        .doesNotContain(new String(secret(1), UTF_8))
        .isEqualTo("LinkKeys[1]");
  }

  @Test
  void survives_a_relabel_and_dies_with_the_archive() {
    DownloadLink link = links.issue(ACME, archive.digest());
    shelf.remove(archive);
    LinkedArchive relabelled = shelf.put("tenant_42_2026-11-24", "a", 100);
    assertThat(links.check(link.token().value()).archive()).contains(relabelled);

    shelf.remove(relabelled);
    shelf.put("tenant_42_2026-11-24", "b", 100);
    assertThat(status(link)).isEqualTo(Status.GONE);
  }

  @Test
  void leads_to_no_archive_of_another_tenant() {
    assertThatExceptionOfType(ArchiveNotFound.class)
        .isThrownBy(() -> links.issue(OTHER, archive.digest()))
        .withMessageContaining("Tenant 4 has no archive with the digest aaaa");

    DownloadLink link = links.issue(ACME, archive.digest());
    shelf.remove(archive);
    shelf.put("tenant_4_20261122010100", "a", 100);
    assertThat(status(link)).isEqualTo(Status.GONE);
  }

  @Test
  void a_revoked_link_is_dead_and_the_others_live() {
    DownloadLink one = links.issue(ACME, archive.digest());
    DownloadLink other = links.issue(ACME, archive.digest());

    links.revoke(one.id());

    assertThat(status(one)).isEqualTo(Status.REVOKED);
    assertThat(status(other)).isEqualTo(Status.VALID);
  }

  @Test
  void all_links_of_a_tenant_are_revoked_at_once_but_not_those_made_later() {
    LinkedArchive others = shelf.put("tenant_4_20261122010100", "c", 10);
    DownloadLink before = links.issue(ACME, archive.digest());
    DownloadLink ofOther = links.issue(OTHER, others.digest());

    links.revokeAll(ACME);
    DownloadLink after = links.issue(ACME, archive.digest());

    assertThat(status(before)).isEqualTo(Status.REVOKED);
    assertThat(status(after)).isEqualTo(Status.VALID);
    assertThat(status(ofOther)).isEqualTo(Status.VALID);
    links.revokeAll(ACME);
    assertThat(status(after)).isEqualTo(Status.REVOKED);
  }

  @Test
  void keys_rotate_without_breaking_links() {
    DownloadLink old = links.issue(ACME, archive.digest());

    DownloadLinks rotated = with(LinkKeys.of(secret(2)).accepting(secret(1)));
    DownloadLink fresh = rotated.issue(ACME, archive.digest());

    assertThat(rotated.check(old.token().value()).status()).isEqualTo(Status.VALID);
    assertThat(rotated.check(fresh.token().value()).status()).isEqualTo(Status.VALID);
    assertThat(links.check(fresh.token().value()).status()).isEqualTo(Status.MALFORMED);
    DownloadLinks later = with(LinkKeys.of(secret(2)));
    assertThat(later.check(old.token().value()).status()).isEqualTo(Status.MALFORMED);
  }

  @Test
  void every_changed_bit_is_noticed() {
    byte[] token =
        Base64.getUrlDecoder().decode(links.issue(ACME, archive.digest()).token().value());
    for (int bit = 0; bit < token.length * 8; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);

      assertThat(links.check(text).status()).as("bit %d", bit).isEqualTo(Status.MALFORMED);
    }
  }

  @Test
  void a_link_has_one_text() {
    String token = links.issue(ACME, archive.digest()).token().value();
    Set<String> accepted = new HashSet<>();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < alphabet.length(); i++) {
      String text = token.substring(0, token.length() - 1) + alphabet.charAt(i);
      if (links.check(text).status() == Status.VALID) {
        accepted.add(text);
      }
    }
    assertThat(accepted).containsExactly(token);
    assertThat(links.check(token + "=").status()).isEqualTo(Status.MALFORMED);
    assertThat(links.check(token + "==").status()).isEqualTo(Status.MALFORMED);
  }

  @Test
  void texts_that_are_no_token_are_malformed() {
    String token = links.issue(ACME, archive.digest()).token().value();
    for (String text :
        new String[] {
          "",
          " ",
          "x",
          "../../etc/passwd",
          "\u0000",
          "%41",
          token.substring(1),
          token.substring(0, token.length() - 1),
          token + "A",
          token + " ",
          "A".repeat(1_000_000)
        }) {
      LinkCheck check = links.check(text);
      assertThat(check.status()).isEqualTo(Status.MALFORMED);
      assertThat(check.link()).isEmpty();
    }
  }

  @Test
  void every_tenant_id_fits() {
    for (String id : new String[] {"a/b c", "ÆØÅ 株式会社", "x".repeat(150), "0"}) {
      LinkContent content =
          new LinkContent(
              LinkContent.Kind.LINK,
              new LinkId("0123456789abcdef"),
              TenantId.of(id),
              LinkContent.prefix(archive.digest()),
              1L << 40,
              Instant.parse("9999-01-01T00:00:00Z"),
              OptionalInt.of(Integer.MAX_VALUE));
      assertThat(LinkContent.fromBytes(content.toBytes())).contains(content);

      String label = TenantLabeler.utc().backup(TenantId.of(id), Shelf.CAPTURED).value();
      LinkedArchive its = shelf.put(label, "d", 10);
      assertThat(status(links.issue(TenantId.of(id), its.digest()))).isEqualTo(Status.VALID);
    }
  }

  @Test
  void checking_counts_nothing() {
    DownloadLink link = links.issue(ACME, archive.digest(), A_DAY.downloads(1));
    for (int i = 0; i < 5; i++) {
      assertThat(status(link)).isEqualTo(Status.VALID);
    }
    assertThat(links.downloads(link)).isZero();
  }

  @Test
  void refuses_what_cannot_be_kept() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinkTerms.validFor(Duration.ofDays(367)))
        .withMessage("A link is valid for between a second and 366 days, not for PT8808H");
    assertThatIllegalArgumentException().isThrownBy(() -> LinkTerms.validFor(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> A_DAY.downloads(0))
        .withMessage("A link is good for at least one download, not for 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinkKeys.of(new byte[31]))
        .withMessage("The secret of a key of links has 31 bytes; it needs 32");
    assertThatIllegalArgumentException().isThrownBy(() -> new LinkId("ABC"));
  }
}
