package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an archive says of itself: whose it is, of which instant, and what must be inside. The first
 * entry of every archive, {@code manifest.json}. Immutable.
 *
 * @param kind what was backed up
 * @param purpose why it was backed up
 * @param tenant the tenant whose rows it holds; empty for a system's
 * @param capturedAt the instant of the snapshot, in milliseconds
 * @param source the database engine and the state of its schema
 * @param libraryVersion the version of Sevenfold that wrote it
 * @param tables the tables of {@code tenant.sqlite3} (of a tenant's archive) in the order of their
 *     names, each with its rows counted and digested
 * @param entries every other entry of the archive, in the order in which they follow
 * @param missing files that rows named and that were not there when the archive was made, as entry
 *     names
 */
public record ArchiveManifest(
    Kind kind,
    Purpose purpose,
    Optional<TenantId> tenant,
    Instant capturedAt,
    Source source,
    String libraryVersion,
    List<Table> tables,
    List<Entry> entries,
    List<String> missing) {

  /** The version of the format that this library writes, and the newest that it reads. */
  public static final int FORMAT_VERSION = 1;

  /** The manifest's name in the archive. */
  public static final String ENTRY_NAME = "manifest.json";

  /** The name of a tenant's database in its archive. */
  public static final String TENANT_DATABASE = "tenant.sqlite3";

  /** What was backed up. */
  public enum Kind {
    /** One tenant. */
    TENANT,
    /** All databases and file trees of the system. */
    SYSTEM
  }

  /** Why a backup was made. */
  public enum Purpose {
    /** On a schedule or on request. */
    BACKUP,
    /** So that a restore can be undone. */
    SAFETY
  }

  /**
   * Where the rows come from.
   *
   * @param engine for instance {@code sqlite}
   * @param engineVersion for instance {@code 3.54.1}
   * @param schemaVersion what the host calls the version of its schema ({@code PRAGMA user_version}
   *     on SQLite); empty if it has none
   * @param schemaFingerprint lower-case hexadecimal SHA-256 of the tables' definitions
   */
  public record Source(
      String engine, String engineVersion, OptionalLong schemaVersion, String schemaFingerprint) {

    /** Requires all parts. */
    public Source {
      Objects.requireNonNull(engine, "engine");
      Objects.requireNonNull(engineVersion, "engineVersion");
      Objects.requireNonNull(schemaVersion, "schemaVersion");
      Objects.requireNonNull(schemaFingerprint, "schemaFingerprint");
    }
  }

  /**
   * One table of {@code tenant.sqlite3}.
   *
   * @param name its name, not quoted
   * @param rows how many rows it has
   * @param digest the content digest of these rows, independent of their order: lower-case
   *     hexadecimal
   * @param definition the {@code CREATE TABLE} statement of the source
   * @param indexes the {@code CREATE INDEX} statements of the source; the table in {@code
   *     tenant.sqlite3} does not have them
   * @param danglingReferences how many of the rows pointed at no row at all when they were backed
   *     up
   */
  public record Table(
      String name,
      long rows,
      String digest,
      String definition,
      List<String> indexes,
      long danglingReferences) {

    /** Requires all parts and copies the list. */
    public Table {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(definition, "definition");
      indexes = List.copyOf(indexes);
      if (rows < 0 || danglingReferences < 0) {
        throw new IllegalArgumentException("Table " + name + " cannot have " + rows + " rows");
      }
    }
  }

  /**
   * One entry of the tar after the manifest.
   *
   * @param name its path in the archive, with {@code /} between the folders
   * @param size its length in bytes
   * @param sha256 its digest, lower-case hexadecimal
   */
  public record Entry(String name, long size, String sha256) {

    /** Requires all parts. */
    public Entry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(sha256, "sha256");
      if (size < 0) {
        throw new IllegalArgumentException("Entry " + name + " cannot have " + size + " bytes");
      }
    }
  }

  /** Requires all parts and copies the lists. */
  public ArchiveManifest {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(libraryVersion, "libraryVersion");
    tables = List.copyOf(tables);
    entries = List.copyOf(entries);
    missing = List.copyOf(missing);
    if (tenant.isPresent() != (kind == Kind.TENANT)) {
      throw new IllegalArgumentException(
          "An archive of kind " + kind + " cannot have the tenant " + tenant);
    }
  }

  /** The sum of the rows of all tables. */
  public long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }

  /** The sum of the bytes of all entries, the manifest not counted. */
  public long bytes() {
    return entries.stream().mapToLong(Entry::size).sum();
  }
}
