package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Objects;
import java.util.Optional;

/** Whose archives to list: those of exactly one tenant, of the system, or all. Immutable. */
public sealed interface ArchiveOwner {

  /** The owner of every archive in the store. */
  static ArchiveOwner anyone() {
    return new Anyone();
  }

  /** Exactly this tenant: {@code 1} does not match the archives of {@code 10}. */
  static ArchiveOwner tenant(TenantId tenant) {
    return new OfTenant(tenant);
  }

  /** The whole system. */
  static ArchiveOwner system() {
    return new OfSystem();
  }

  /** Whose an archive with this label is. */
  static ArchiveOwner of(Label label) {
    return label.tenant().map(ArchiveOwner::tenant).orElseGet(ArchiveOwner::system);
  }

  /** Whether an archive with this label is the owner's. */
  boolean owns(Label label);

  /** The tenant, if the owner is exactly one. */
  default Optional<TenantId> tenant() {
    return Optional.empty();
  }

  /** See {@link #anyone()}. */
  record Anyone() implements ArchiveOwner {
    @Override
    public boolean owns(Label label) {
      return true;
    }
  }

  /**
   * See {@link #tenant(TenantId)}.
   *
   * @param id the tenant
   */
  record OfTenant(TenantId id) implements ArchiveOwner {
    /** Requires the id. */
    public OfTenant {
      Objects.requireNonNull(id, "id");
    }

    @Override
    public boolean owns(Label label) {
      return label.tenant().filter(id::equals).isPresent();
    }

    @Override
    public Optional<TenantId> tenant() {
      return Optional.of(id);
    }
  }

  /** See {@link #system()}. */
  record OfSystem() implements ArchiveOwner {
    @Override
    public boolean owns(Label label) {
      return label.kind() == Label.Kind.SYSTEM;
    }
  }
}
