package dev.sevenfold.backup.error;

import org.jspecify.annotations.Nullable;

/**
 * The tenant model contradicts itself or the live schema, by a table or column that does not exist,
 * for instance. The host's configuration needs a change; nothing was read or written.
 */
public final class InvalidTenantModel extends BackupException {

  private static final long serialVersionUID = 1L;

  /** Says what happened, with the values, and what to do. */
  public InvalidTenantModel(String what, String advice) {
    this(what, advice, null);
  }

  /** Says what happened, with the values, and what to do; keeps the cause. */
  public InvalidTenantModel(String what, String advice, @Nullable Throwable cause) {
    super(what, advice, cause);
  }
}
