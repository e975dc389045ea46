package dev.sevenfold.backup.engine;

/**
 * The names of the databases on a workbench: the SQLite connection on which a restore is thought
 * out. Each is an attached schema; rows go from one to another in SQL alone. What the live tables
 * are called there is for the engine to say, see {@link LiveRows#table}.
 */
public final class Workbench {

  /** The tenant's rows as they are now, one snapshot; in a backup, what is backed up. */
  public static final String COPY = "sevenfold_copy";

  /** What a search notes down, in a backup. */
  public static final String WORK = "sevenfold_work";

  /** The archive's rows in today's shape. */
  public static final String STAGE = "sevenfold_stage";

  /** What is to be inserted, updated, deleted, kept. */
  public static final String PLAN = "sevenfold_plan";

  private Workbench() {}
}
