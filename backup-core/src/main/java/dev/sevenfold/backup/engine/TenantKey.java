package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant's key as the root table holds it: a number, a text or a blob.
 *
 * @param value a {@link Long}, a {@link String} or a {@code byte[]}
 */
public record TenantKey(TenantId tenant, Object value) {

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,18})");
  private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})+");

  /** The id of a key, as SQL over the key column under {@code column}. */
  public static String idOf(String column) {
    return Sql.of(
        "CASE typeof({key}) WHEN 'blob' THEN lower(hex({key})) ELSE CAST({key} AS TEXT) END",
        column);
  }

  /** Every tenant of the root table, in the order of their keys. */
  public static List<TenantId> all(Session session, String schema, Ownership ownership)
      throws SQLException {
    String key = Sql.name(ownership.keyColumn());
    return session.query(
        // A damaged index must not leave a tenant out.
        Sql.of(
            """
            SELECT {id} FROM {tenants} NOT INDEXED
            WHERE {key} IS NOT NULL AND {id} <> '' ORDER BY {key}
            """,
            idOf(key),
            Sql.name(schema, ownership.root().name()),
            key),
        row -> TenantId.of(row.getString(1)));
  }

  /** How many rows of the root table no id can name. */
  public static long unnamed(Session session, String schema, Ownership ownership)
      throws SQLException {
    String key = Sql.name(ownership.keyColumn());
    return session.queryLong(
        Sql.of(
            "SELECT count(*) FROM {tenants} WHERE {key} IS NULL OR {id} = ''",
            Sql.name(schema, ownership.root().name()),
            key,
            idOf(key)));
  }

  /**
   * The id as {@link #all} has it: where every key is a blob, hexadecimal in upper case, as {@code
   * hex()} prints it, is the same id as in lower case. Anywhere else it may be another tenant's.
   */
  public static TenantId canonical(
      Session session, String schema, Ownership ownership, TenantId written) throws SQLException {
    if (!mayBeWrittenOtherwise(written)) {
      return written;
    }
    // Blobs are greater than all else, and texts greater than numbers.
    return session.queryLong(
                Sql.of(
                    """
                    SELECT ifnull((SELECT typeof({key}) FROM {tenants} ORDER BY {key} DESC LIMIT 1)
                      = 'blob', 0)
                    AND ifnull((SELECT typeof({key}) FROM {tenants} WHERE {key} < x''
                      ORDER BY {key} DESC LIMIT 1) <> 'text', 1)
                    """,
                    Sql.name(ownership.keyColumn()),
                    Sql.name(schema, ownership.root().name())))
            == 1
        ? TenantId.of(written.value().toLowerCase(Locale.ROOT))
        : written;
  }

  /** Whether an id can be {@link #canonical} in another form, as far as it shows itself. */
  public static boolean mayBeWrittenOtherwise(TenantId written) {
    String lower = written.value().toLowerCase(Locale.ROOT);
    return !lower.equals(written.value()) && HEX.matcher(lower).matches();
  }

  /** Finds the tenant's row in the root table of {@code schema}. */
  public static Optional<TenantKey> find(
      Session session, String schema, Ownership ownership, TenantId tenant) throws SQLException {
    String key = Sql.name(ownership.keyColumn());
    for (Object candidate : candidates(tenant)) {
      // The id must read exactly like the key: '010' and '10 ' also equal 10 in SQL.
      List<Object> found =
          session.query(
              Sql.of(
                  "SELECT {key} FROM {tenants} WHERE {key} = ?1 AND ({id}) = ?2 COLLATE BINARY",
                  key,
                  Sql.name(schema, ownership.root().name()),
                  idOf(key)),
              row -> value(row.getObject(1)),
              candidate,
              tenant.value());
      if (!found.isEmpty()) {
        return Optional.of(new TenantKey(tenant, found.get(0)));
      }
    }
    return Optional.empty();
  }

  /** Keeps the key in a new table, as {@code k}, which compares as the root's column does. */
  public void keep(Session session, String table, Table root, String keyColumn)
      throws SQLException {
    String type = root.affinity(keyColumn) + " COLLATE " + Sql.name(root.collation(keyColumn));
    session.make(table, "(k " + type + ')');
    session.update("INSERT INTO " + table + " VALUES (?)", value);
  }

  /** The key that a tenant would have whose row is gone, judged by its id alone. */
  public static TenantKey of(TenantId tenant, Object like) {
    String text = tenant.value();
    if (like instanceof Long && INTEGER.matcher(text).matches()) {
      return new TenantKey(tenant, Long.parseLong(text));
    }
    if (like instanceof byte[] && HEX.matcher(text).matches()) {
      return new TenantKey(tenant, HexFormat.of().parseHex(text));
    }
    return new TenantKey(tenant, text);
  }

  /**
   * The key of a tenant that is to be made.
   *
   * @param like a key of the same table
   * @throws RestoreRefused if the id cannot be a key like it
   */
  public static TenantKey like(TenantId tenant, Object like) {
    TenantKey key = of(tenant, like);
    if (!key.value().getClass().equals(like.getClass())) {
      String kind = like instanceof Long ? "whole numbers" : "bytes, written in hexadecimal";
      throw new RestoreRefused(
          "Tenant " + tenant + " cannot be made: the keys of tenants are " + kind,
          List.of(),
          "Choose another id");
    }
    return key;
  }

  private static List<Object> candidates(TenantId tenant) {
    String text = tenant.value();
    List<Object> candidates = new ArrayList<>(List.of(text));
    if (INTEGER.matcher(text).matches()) {
      try {
        candidates.add(Long.parseLong(text));
      } catch (NumberFormatException e) {
        // Nineteen digits may exceed a long; then no integer key can read like this.
        return candidates;
      }
    }
    if (HEX.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      candidates.add(HexFormat.of().parseHex(text));
    }
    return candidates;
  }

  public static Object value(Object read) {
    return read instanceof Integer number ? (Object) number.longValue() : read;
  }
}
