package dev.sevenfold.backup.cli.run;

/** How a command ends. Scripts rely on these numbers. */
public final class ExitCode {

  public static final int DONE = 0;

  /** It failed on the way, for a store or a database; the live data is as it was. */
  public static final int FAILED = 1;

  /** The command line or the config file is wrong. */
  static final int USAGE = 2;

  /** A check failed, and nothing was changed. */
  public static final int REFUSED = 3;

  private ExitCode() {}
}
