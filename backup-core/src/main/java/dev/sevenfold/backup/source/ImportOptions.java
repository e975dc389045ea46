package dev.sevenfold.backup.source;

/**
 * How an archive that comes in from outside is taken in. Immutable.
 *
 * @param acceptUnsigned whether to take in an archive that nobody here knows: not signed with a key
 *     of the host, and none that the store has, or had, a record of. For one archive, by somebody
 *     who knows where it comes from
 */
public record ImportOptions(boolean acceptUnsigned) {

  /** Refuses what nobody here knows. */
  public static final ImportOptions DEFAULT = new ImportOptions(false);

  /**
   * These options, taking in an archive that anybody may have made or changed. What it says of
   * other tenants is not believed.
   */
  public ImportOptions acceptingUnsigned() {
    return new ImportOptions(true);
  }
}
