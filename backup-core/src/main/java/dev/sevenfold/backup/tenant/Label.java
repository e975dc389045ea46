package dev.sevenfold.backup.tenant;

import java.time.Instant;
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
 * tenant_&lt;id&gt;_&lt;yyyy-MM-dd&gt;       an archive that support imported on that day
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

  private static final int MAX_NUMBER = 999_999;

  /** Of a label without its number, so that every label has a {@link #next()} one. */
  static final int MAX_BASE_LENGTH = MAX_LENGTH - ("-" + MAX_NUMBER).length();

  private static final int MAX_SHOWN = 60;

  private static final String STAMP = "\\d{14}|\\d{4}-\\d{2}-\\d{2}";
  private static final String NUMBER = "(?:-([2-9]|[1-9]\\d{1,5}))?";
  private static final Pattern OF_TENANT =
      Pattern.compile("(tenant|safety)_([A-Za-z0-9._%-]+)_(" + STAMP + ")" + NUMBER);
  private static final Pattern OF_SYSTEM = Pattern.compile("system_(" + STAMP + ")" + NUMBER);

  private final String value;
  private final Kind kind;
  private final @Nullable TenantId tenant;
  private final String stamp;
  private final int number;
  private final String base;

  private Label(Kind kind, @Nullable TenantId tenant, String stamp, int number) {
    this.kind = kind;
    this.tenant = tenant;
    this.stamp = stamp;
    this.number = number;
    this.base =
        kind.prefix()
            + (tenant == null ? "" : "_" + LabelEncoding.encode(tenant.value()))
            + "_"
            + stamp;
    this.value = number == 1 ? base : base + "-" + number;
  }

  static Label of(Kind kind, @Nullable TenantId tenant, String stamp) {
    Label label = new Label(kind, tenant, stamp, 1);
    if (!label.fits()) {
      throw new IllegalArgumentException(
          "The label "
              + shortened(label.value)
              + " has "
              + label.value.length()
              + " characters; at most "
              + MAX_BASE_LENGTH
              + " fit into a file name. Use a shorter tenant id");
    }
    return label;
  }

  private boolean fits() {
    return base.length() <= MAX_BASE_LENGTH;
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
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
                        + shortened(text)
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
      return LabelStamp.exists(system.group(1))
          ? Optional.of(new Label(Kind.SYSTEM, null, system.group(1), number(system.group(2))))
          : Optional.empty();
    }
    Matcher tenant = OF_TENANT.matcher(text);
    if (!tenant.matches() || !LabelStamp.exists(tenant.group(3))) {
      return Optional.empty();
    }
    Kind kind = tenant.group(1).equals("safety") ? Kind.SAFETY : Kind.TENANT;
    return LabelEncoding.decode(tenant.group(2))
        .map(id -> new Label(kind, TenantId.of(id), tenant.group(3), number(tenant.group(4))))
        .filter(Label::fits);
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

  /** Whether it has a date and no time: the label of an archive that was imported on that day. */
  public boolean isByDate() {
    return stamp.contains("-");
  }

  /**
   * The date in the label, read as UTC: all that is known of the age of an archive which cannot be
   * read. What an archive restores to, it says itself.
   */
  public Instant stampedAt() {
    return LabelStamp.instant(stamp);
  }

  /**
   * The same label with the next number: {@code x}, {@code x-2}, {@code x-3}, ….
   *
   * @throws IllegalStateException after {@code x-999999}
   */
  public Label next() {
    if (number == MAX_NUMBER) {
      throw new IllegalStateException("There is no label after " + this);
    }
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
