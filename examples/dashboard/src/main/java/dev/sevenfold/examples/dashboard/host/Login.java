package dev.sevenfold.examples.dashboard.host;

import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;

/**
 * A person who may log in. Immutable.
 *
 * @param id its key
 * @param email what the person logs in with
 * @param name what the person is called
 * @param firm whose person; empty for support
 */
public record Login(long id, String email, String name, Optional<TenantId> firm) {

  /** Whether the person is one of support. */
  public boolean isSupport() {
    return firm.isEmpty();
  }
}
