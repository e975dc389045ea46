package dev.sevenfold.backup.link;

import dev.sevenfold.backup.tenant.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A link to one archive of one tenant. Immutable; safe to log, because its token hides itself.
 *
 * @param id which link it is
 * @param tenant whose archive it leads to
 * @param expiresAt when it stops to work, in whole seconds
 * @param downloads how many downloads it is good for; empty for any number
 * @param token what makes it work
 */
public record DownloadLink(
    LinkId id, TenantId tenant, Instant expiresAt, OptionalInt downloads, LinkToken token) {

  /** Requires all parts. */
  public DownloadLink {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(downloads, "downloads");
    Objects.requireNonNull(token, "token");
  }

  /**
   * The address that a person gets: the token as the last segment below {@code folder}. Log it
   * nowhere, and let the host's access log leave these paths out.
   *
   * @param folder where the host serves downloads, {@code https://app.example/backups/}; the slash
   *     at its end may be missing
   * @throws IllegalArgumentException if it has a query or a fragment
   */
  public URI under(URI folder) {
    if (folder.getRawQuery() != null || folder.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "Links stand below a path without a query and a fragment, unlike " + folder);
    }
    String base = folder.toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + token.value());
  }
}
