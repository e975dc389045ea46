package dev.sevenfold.backup.source;

/** Looks at staged archives of a system. Thread-safe. */
@FunctionalInterface
public interface SystemVerifier {

  /**
   * Finds out whether a staged archive can be restored: opens every database and checks all of it.
   * Changes nothing, neither in the system nor in the staged files.
   */
  Verification<SystemProof> verify(StagedSystem staged, Progress progress);
}
