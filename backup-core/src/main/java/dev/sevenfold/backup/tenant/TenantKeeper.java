package dev.sevenfold.backup.tenant;

import java.util.List;

/**
 * Whoever keeps something by tenant beside the archives: schedules, mails that wait, links. {@code
 * BackupService.forget} asks each that it is given. A host implements this for what it keeps
 * itself. Thread-safe.
 *
 * <p>Every method may throw: then what is kept there is not known, and the report says so.
 */
public interface TenantKeeper {

  /** Where it is kept, for people. Holds no secret. */
  String describe();

  /**
   * What is kept of exactly this tenant, looked at anew, a line each; empty if there is nothing.
   */
  List<String> kept(TenantId tenant);

  /**
   * Removes what {@link #kept} has. What is under way may be left, and is named by that then: it is
   * called again later.
   */
  void forget(TenantId tenant);

  /** What stays of the tenant on purpose, and why. Nothing, unless overridden. */
  default List<String> stays(TenantId tenant) {
    return List.of();
  }
}
