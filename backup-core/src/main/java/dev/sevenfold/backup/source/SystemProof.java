package dev.sevenfold.backup.source;

import java.util.List;
import java.util.Objects;

/**
 * What was found in a staged archive of a system, all of it sound. Immutable.
 *
 * @param databases the databases, in the order of the archive
 * @param files how many files the trees have
 * @param folders how many folders they have, themselves among them
 * @param links how many symbolic links they have
 * @param bytes how many bytes everything has
 * @param warnings what could not be checked, and what the database itself would complain about
 * @param findings what is wrong with the databases themselves, as it was in the system: a search
 *     index that is damaged, values that a column does not allow. Restored as it was, on consent
 */
public record SystemProof(
    List<Database> databases,
    long files,
    long folders,
    long links,
    long bytes,
    List<String> warnings,
    List<String> findings) {

  /**
   * One database that opened, and passed every check.
   *
   * @param name what the host calls it
   * @param tables how many tables it has
   * @param rows how many rows they have
   */
  public record Database(String name, long tables, long rows) {
    /** Requires the name. */
    public Database {
      Objects.requireNonNull(name, "name");
    }
  }

  /** Copies the lists. */
  public SystemProof {
    databases = List.copyOf(databases);
    warnings = List.copyOf(warnings);
    findings = List.copyOf(findings);
  }
}
