package dev.sevenfold.backup.system;

/** The names of entries in a system's archive. */
public final class SystemEntries {

  private static final String DATABASES = "databases/";
  private static final String SUFFIX = ".sqlite3";
  private static final String TREES = "trees/";

  private SystemEntries() {}

  public static boolean isDatabase(String entryName) {
    return entryName.startsWith(DATABASES)
        && entryName.endsWith(SUFFIX)
        && entryName.indexOf('/', DATABASES.length()) < 0;
  }

  /** What the host calls a database. */
  public static String databaseName(String entryName) {
    return entryName.substring(DATABASES.length(), entryName.length() - SUFFIX.length());
  }

  public static boolean isInTree(String entryName) {
    return entryName.startsWith(TREES) && entryName.indexOf('/', TREES.length()) > 0;
  }

  /** What the host calls the tree that a file is in. */
  public static String treeName(String entryName) {
    return entryName.substring(TREES.length(), entryName.indexOf('/', TREES.length()));
  }
}
