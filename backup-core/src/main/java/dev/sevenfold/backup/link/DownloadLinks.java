package dev.sevenfold.backup.link;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkCheck.Status;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes links that archives are downloaded by, checks and revokes them.
 *
 * <pre>{@code
 * DownloadLinks links =
 *     backups.links(LinkKeys.of(secret), SqliteLinkStore.open(Path.of("links.sqlite3"))).build();
 *
 * DownloadLink link = links.issue(tenant, point.digest());
 * URI address = link.under(URI.create("https://app.example/backups/"));
 * }</pre>
 *
 * <p>A link leads to one archive of one tenant, whatever the archive is called, and for as long as
 * it is there. It is signed with HMAC-SHA-256, expires, and can be revoked. Whoever has a link can
 * download, without a login; and can read the tenant's id in it. It is good for downloads alone.
 *
 * <p>Thread-safe.
 */
public final class DownloadLinks implements TenantKeeper {

  private final LinkedArchives archives;
  private final LinkStore store;
  private final LinkKeys keys;
  private final Clock clock;
  private final LinkTerms terms;
  private final Duration resumable;
  private final SecureRandom random = new SecureRandom();

  private DownloadLinks(Builder builder) {
    archives = builder.archives;
    store = builder.store;
    keys = builder.keys;
    clock = builder.clock;
    terms = builder.terms;
    resumable = builder.resumable;
  }

  /** Starts links to {@code archives}; a host calls {@code BackupService.links} instead. */
  public static Builder builder(LinkedArchives archives, LinkKeys keys, LinkStore store) {
    return new Builder(archives, keys, store);
  }

  /** Makes a link on the usual terms. */
  public DownloadLink issue(TenantId tenant, ArchiveDigest digest) {
    return issue(tenant, digest, terms);
  }

  /**
   * Makes a link on terms of its own. It is remembered nowhere: the token holds all there is.
   *
   * @throws ArchiveNotFound if the tenant has no such archive
   * @throws StoreUnavailable if the store of the archives, or that of the links, failed
   */
  public DownloadLink issue(TenantId tenant, ArchiveDigest digest, LinkTerms onTerms) {
    Objects.requireNonNull(tenant, "tenant");
    if (archives.find(tenant, digest::equals).isEmpty()) {
      throw new ArchiveNotFound(
          "Tenant " + tenant + " has no archive with the digest " + digest,
          "List the tenant's restore points to see those that there are");
    }
    Instant now = clock.instant();
    LinkContent content =
        new LinkContent(
            LinkContent.Kind.LINK,
            newId(),
            tenant,
            LinkContent.prefix(digest),
            store.round(tenant),
            now.plus(onTerms.validity()).truncatedTo(ChronoUnit.SECONDS),
            onTerms.downloads());
    return content.link(keys.write(content));
  }

  private LinkId newId() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return new LinkId(HexFormat.of().formatHex(bytes));
  }

  /**
   * What a token is worth now. Counts nothing. All outcomes are values: a text that anybody made up
   * is {@link Status#MALFORMED}.
   *
   * @throws StoreUnavailable if the store of the archives, or that of the links, failed
   */
  public LinkCheck check(String token) {
    return read(token)
        .map(content -> check(content, new LinkToken(token)))
        .orElseGet(LinkCheck::malformed);
  }

  /** Reads a token, whatever it is worth now. */
  Optional<LinkContent> read(String token) {
    return keys.read(Objects.requireNonNull(token, "token"));
  }

  LinkCheck check(LinkContent content, LinkToken token) {
    DownloadLink link = content.link(token);
    if (!clock.instant().isBefore(content.expiresAt())) {
      return LinkCheck.refused(Status.EXPIRED, link);
    }
    LinkStore.State state = store.state(content.id(), content.tenant());
    if (state.revoked() || state.round() != content.round()) {
      return LinkCheck.refused(Status.REVOKED, link);
    }
    if (content.downloads().isPresent() && state.downloads() >= content.downloads().getAsInt()) {
      return LinkCheck.refused(Status.USED_UP, link);
    }
    return archives
        .find(content.tenant(), content::isOf)
        .map(archive -> LinkCheck.valid(link, archive))
        .orElseGet(() -> LinkCheck.refused(Status.GONE, link));
  }

  /**
   * Counts a download of a link whose downloads are counted.
   *
   * @return what to download with, and to resume; empty if the last one was taken meanwhile
   */
  Optional<LinkToken> count(LinkContent content) {
    Instant now = clock.instant();
    // Kept for a while, in case that the clock was wrong.
    store.forgetCounts(now.minus(LinkTerms.LONGEST));
    if (!store.count(content.id(), content.downloads().orElseThrow(), content.expiresAt())) {
      return Optional.empty();
    }
    return Optional.of(
        keys.write(content.download(now.plus(resumable).truncatedTo(ChronoUnit.SECONDS))));
  }

  LinkedArchives archives() {
    return archives;
  }

  /**
   * Revokes one link, for ever. A download that is under way goes on; it cannot be resumed.
   *
   * @throws StoreUnavailable if the store of the links failed; the link still works then
   */
  public void revoke(LinkId id) {
    store.revoke(Objects.requireNonNull(id, "id"));
  }

  /**
   * Revokes every link to an archive of this tenant that was made until now, for ever.
   *
   * @throws StoreUnavailable if the store of the links failed; the links still work then
   */
  public void revokeAll(TenantId tenant) {
    store.revokeAll(Objects.requireNonNull(tenant, "tenant"));
  }

  @Override
  public String describe() {
    return "links in " + store.describe();
  }

  /** Nothing: a token holds all there is of a link, and leads nowhere without its archive. */
  @Override
  public List<String> kept(TenantId tenant) {
    return List.of();
  }

  /** As {@link #revokeAll}. */
  @Override
  public void forget(TenantId tenant) {
    revokeAll(tenant);
  }

  @Override
  public List<String> stays(TenantId tenant) {
    return store.round(tenant) == 0
        ? List.of()
        : List.of(
            "in the %s, the number of times that all links of the tenant were revoked: without it, they would work again if an archive came back"
                .formatted(describe()));
  }

  /** How many downloads of a link were counted; 0 if its downloads are not counted. */
  public int downloads(DownloadLink link) {
    return store.state(link.id(), link.tenant()).downloads();
  }

  /** Collects the parts of links. Use from one thread. */
  public static final class Builder {

    private final LinkedArchives archives;
    private final LinkKeys keys;
    private final LinkStore store;
    private Clock clock = Clock.systemUTC();
    private LinkTerms terms = LinkTerms.validFor(Duration.ofDays(14));
    private Duration resumable = Duration.ofDays(1);

    private Builder(LinkedArchives archives, LinkKeys keys, LinkStore store) {
      this.archives = Objects.requireNonNull(archives, "archives");
      this.keys = Objects.requireNonNull(keys, "keys");
      this.store = Objects.requireNonNull(store, "store");
    }

    /** What tells the time. Default: the service's clock, or the system's. */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /** The terms of links that are made without any. Default: 14 days, any number of downloads. */
    public Builder terms(LinkTerms value) {
      this.terms = Objects.requireNonNull(value, "terms");
      return this;
    }

    /**
     * How long a download that was counted may be begun and resumed, if its link does not expire
     * before. Default: a day.
     *
     * @throws IllegalArgumentException if it is shorter than a second
     */
    public Builder resumableFor(Duration value) {
      if (value.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "A download can be resumed for at least a second, not for " + value);
      }
      this.resumable = value;
      return this;
    }

    /** The finished links. */
    public DownloadLinks build() {
      return new DownloadLinks(this);
    }
  }
}
