package dev.sevenfold.backup.source;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One tenant as of one instant, copied out of a source into scratch space. Immutable; what it
 * points at lives as long as its folder.
 *
 * @param tenant whose rows
 * @param capturedAt the instant of the snapshot, in milliseconds
 * @param origin the engine and the schema that the rows were read from
 * @param database the {@code tenant.sqlite3} with the rows
 * @param tables its tables, in the order of their names
 * @param files the files that the rows name, in the order of their entry names
 * @param missing entry names of files that rows name and that are not there
 * @param warnings what a person should know: missing files, rows that point at another tenant's
 * @param unmounted what looks like a disk that is not mounted rather than like files that are
 *     missing: a folder that is not there, or has nothing in it, while rows name files in it
 * @param completenessCheckedAt when it was last made sure that looking rows up finds every row;
 *     empty where nothing of that kind is done
 * @param ownership whose the rows of the whole database were when that was counted last; empty
 *     where it is not
 */
public record TenantSnapshot(
    TenantId tenant,
    Instant capturedAt,
    ArchiveManifest.Source origin,
    Path database,
    List<ArchiveManifest.Table> tables,
    List<AttachedFile> files,
    List<String> missing,
    List<String> warnings,
    List<String> unmounted,
    Optional<Instant> completenessCheckedAt,
    Optional<OwnershipCheck.Figure> ownership) {

  /** A tenant of which no more is known. */
  public TenantSnapshot(
      TenantId tenant,
      Instant capturedAt,
      ArchiveManifest.Source origin,
      Path database,
      List<ArchiveManifest.Table> tables,
      List<AttachedFile> files,
      List<String> missing,
      List<String> warnings) {
    this(
        tenant,
        capturedAt,
        origin,
        database,
        tables,
        files,
        missing,
        warnings,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * A file that a row names.
   *
   * @param entryName its name in an archive, {@code files/blobs/ab/cd/abcd}
   * @param path where it is now, by no link: none on the way to it is followed when it is read
   * @param size its length in bytes
   * @param sha256 its digest, lower-case hexadecimal
   */
  public record AttachedFile(String entryName, Path path, long size, String sha256) {
    /** Requires all parts. */
    public AttachedFile {
      Objects.requireNonNull(entryName, "entryName");
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(sha256, "sha256");
    }
  }

  /** Requires all parts and copies the lists. */
  public TenantSnapshot {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(database, "database");
    tables = List.copyOf(tables);
    files = List.copyOf(files);
    missing = List.copyOf(missing);
    warnings = List.copyOf(warnings);
    unmounted = List.copyOf(unmounted);
    Objects.requireNonNull(completenessCheckedAt, "completenessCheckedAt");
    Objects.requireNonNull(ownership, "ownership");
  }

  /**
   * The same, after it was made sure that looking rows up finds every row of the tenant.
   *
   * @param found what was found of others
   * @param figure whose the rows of the whole database are
   */
  public TenantSnapshot checked(
      Instant instant, List<String> found, Optional<OwnershipCheck.Figure> figure) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(found);
    return new TenantSnapshot(
        tenant,
        capturedAt,
        origin,
        database,
        tables,
        files,
        missing,
        all,
        unmounted,
        Optional.of(instant),
        figure);
  }
}
