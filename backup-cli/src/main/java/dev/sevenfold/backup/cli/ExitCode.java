package dev.sevenfold.backup.cli;

/** How a command ends. Scripts rely on these numbers. */
final class ExitCode {

  static final int DONE = 0;

  /** It failed on the way, for a store or a database; the live data is as it was. */
  static final int FAILED = 1;

  /** The command line or the config file is wrong. */
  static final int USAGE = 2;

  /** A check failed, and nothing was changed. */
  static final int REFUSED = 3;

  private ExitCode() {}
}
