package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Knows who gets mail; the host implements it. Asked whenever a mail is written, from the mailer's
 * thread, so that it may take its time, and an exception is logged and tried again later.
 */
public interface RecipientDirectory {

  /** Who hears of a tenant's backups and restores; nobody, if the list is empty. */
  List<Recipient> ofTenant(TenantId tenant);

  /** Who hears of failures and of overdue backups. */
  List<Recipient> operators();

  /**
   * What people call a tenant, without control characters. Its id, unless overridden. Asked of
   * tenants too that are deleted by now; where it throws, operators read the id.
   */
  default String nameOf(TenantId tenant) {
    return tenant.value();
  }

  /** When a tenant is backed up, for its mails. Not said, unless overridden. */
  default Optional<CronSchedule> scheduleOf(TenantId tenant) {
    return Optional.empty();
  }
}
