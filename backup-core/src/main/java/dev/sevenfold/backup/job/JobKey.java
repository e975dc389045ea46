package dev.sevenfold.backup.job;

import dev.sevenfold.backup.tenant.TenantId;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which job: what is done, for whom, and which of several that are alike. Immutable.
 *
 * @param label what is done: the {@link ScheduledJob#label}, {@code BackupTenantJob}
 * @param tenant for whom; empty for the whole system
 * @param name tells apart jobs of one label and tenant; {@link #MAIN} if there is but one
 */
public record JobKey(String label, Optional<TenantId> tenant, String name) {

  /** The name of a job that is the only one of its label and tenant. */
  public static final String MAIN = "main";

  /** A name is a word, or a label of an archive. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._%-]{1,200}");

  /** Requires all parts; label and name are words. */
  public JobKey {
    Objects.requireNonNull(tenant, "tenant");
    requireWord("label", label);
    requireWord("name", name);
  }

  private static void requireWord(String part, String text) {
    if (!WORD.matcher(text).matches()) {
      throw new IllegalArgumentException(
          ("The %s \"%s\" of a job is not a word. Use up to 200 letters, digits and . _ " + "%% -")
              .formatted(part, text));
    }
  }

  /** The only job of this label for a tenant. */
  public static JobKey of(String label, TenantId tenant) {
    return new JobKey(label, Optional.of(tenant), MAIN);
  }

  /** The only job of this label for the whole system. */
  public static JobKey system(String label) {
    return new JobKey(label, Optional.empty(), MAIN);
  }

  /** The same job under another name, beside this one. */
  public JobKey named(String other) {
    return new JobKey(label, tenant, other);
  }

  /** For people: {@code BackupTenantJob of tenant 42}. */
  @Override
  public String toString() {
    return label
        + tenant.map(id -> " of tenant " + id).orElse(" of the system")
        + (name.equals(MAIN) ? "" : " (" + name + ")");
  }
}
