/**
 * Whose row is it? Tenants, the labels of their archives, and the ownership model that assigns
 * every table of a shared database. Start from {@link dev.sevenfold.backup.tenant.TenantModel}.
 */
@NullMarked
package dev.sevenfold.backup.tenant;

import org.jspecify.annotations.NullMarked;
