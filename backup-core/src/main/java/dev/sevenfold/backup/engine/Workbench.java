package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.scratch.Session;

/**
 * The names of the databases on a workbench: the SQLite connection on which a restore is thought
 * out. Each is an attached schema; rows go from one to another in SQL alone.
 */
public final class Workbench {

  /** The live database, where the workbench is its connection. */
  public static final String LIVE = Session.MAIN;

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
