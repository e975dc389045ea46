package dev.sevenfold.backup.tenant;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name an archive is listed by, {@code tenant_42_20261122010100}. Immutable.
 *
 * <p>A label is a file name on every system: ASCII letters, digits, and {@code . _ - %}. It is only
 * a name: whose archive it is and of when stands inside the archive. Labels are ordered by their
 * text.
 *
 * <pre>
 * tenant_&lt;id&gt;_&lt;yyyyMMddHHmmss&gt;   a backup of a tenant
 * tenant_&lt;id&gt;_&lt;yyyy-MM-dd&gt;       an archive that support took back in on that day
 * safety_&lt;id&gt;_&lt;yyyyMMddHHmmss&gt;   the backup that a restore takes first
 * system_&lt;yyyyMMddHHmmss&gt;        a backup of the whole system
 * </pre>
 *
 * <p>Each may end in {@code -2}, {@code -3}, … where the same name was taken before. Characters of
 * an id other than letters, digits and {@code . _ -} are percent-encoded as UTF-8, so that every id
 * has exactly one label and every label exactly one id.
 */
public final class Label implements Comparable<Label> {

  /** What kind of archive a label names. */
  public enum Kind {
    /** A restore point of a tenant. */
    TENANT,
    /** What a tenant's restore can be undone with. */
    SAFETY,
    /** The whole system. */
    SYSTEM;

    String prefix() {
      return switch (this) {
        case TENANT -> "tenant";
        case SAFETY -> "safety";
        case SYSTEM -> "system";
      };
    }
  }

  /** Leaves room for suffixes of a store within the 255 bytes that file systems allow. */
  static final int MAX_LENGTH = 200;

  private static final Pattern STAMP = Pattern.compile("\\d{14}|\\d{4}-\\d{2}-\\d{2}");
  private static final String NUMBER = "(?:-([2-9]|[1-9]\\d{1,5}))?";
  private static final Pattern OF_TENANT =
      Pattern.compile("(tenant|safety)_([A-Za-z0-9._%-]+)_(" + STAMP + ")" + NUMBER);
  private static final Pattern OF_SYSTEM = Pattern.compile("system_(" + STAMP + ")" + NUMBER);

  private final String value;
  private final Kind kind;
  private final @Nullable TenantId tenant;
  private final String stamp;
  private final int number;

  private Label(Kind kind, @Nullable TenantId tenant, String stamp, int number) {
    this.kind = kind;
    this.tenant = tenant;
    this.stamp = stamp;
    this.number = number;
    this.value =
        kind.prefix()
            + (tenant == null ? "" : "_" + LabelEncoding.encode(tenant.value()))
            + "_"
            + stamp
            + (number == 1 ? "" : "-" + number);
    if (value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The label "
              + value
              + " has "
              + value.length()
              + " characters; at most "
              + MAX_LENGTH
              + " fit into a file name. Use a shorter tenant id");
    }
  }

  static Label of(Kind kind, @Nullable TenantId tenant, String stamp) {
    return new Label(kind, tenant, stamp, 1);
  }

  /**
   * Reads a label, strictly: what this returns prints as {@code text} again.
   *
   * @throws IllegalArgumentException if {@code text} is not a label
   */
  public static Label parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + text
                        + "\" is not a label. Labels look like tenant_42_20261122010100,"
                        + " tenant_42_2026-11-22 or system_20261122010100"));
  }

  /** Reads a label as {@link #parse} does; empty if {@code text} is not one. */
  public static Optional<Label> tryParse(String text) {
    Objects.requireNonNull(text, "text");
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher system = OF_SYSTEM.matcher(text);
    if (system.matches()) {
      return Optional.of(new Label(Kind.SYSTEM, null, system.group(1), number(system.group(2))));
    }
    Matcher tenant = OF_TENANT.matcher(text);
    if (!tenant.matches()) {
      return Optional.empty();
    }
    Kind kind = tenant.group(1).equals("safety") ? Kind.SAFETY : Kind.TENANT;
    return LabelEncoding.decode(tenant.group(2))
        .map(id -> new Label(kind, TenantId.of(id), tenant.group(3), number(tenant.group(4))));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
  }

  /** The label's text, fit for a file name. */
  public String value() {
    return value;
  }

  /** What the label names. */
  public Kind kind() {
    return kind;
  }

  /** The tenant that the label names; empty for a system's. */
  public Optional<TenantId> tenant() {
    return Optional.ofNullable(tenant);
  }

  /** The same label with the next number: {@code x}, {@code x-2}, {@code x-3}, …. */
  public Label next() {
    return new Label(kind, tenant, stamp, number + 1);
  }

  @Override
  public int compareTo(Label other) {
    return value.compareTo(other.value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Label label && value.equals(label.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
