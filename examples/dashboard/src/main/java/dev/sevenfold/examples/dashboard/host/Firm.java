package dev.sevenfold.examples.dashboard.host;

import dev.sevenfold.backup.tenant.TenantId;

/**
 * A tenant of the application. Immutable.
 *
 * @param id its key
 * @param name what it is called
 */
public record Firm(TenantId id, String name) {}
