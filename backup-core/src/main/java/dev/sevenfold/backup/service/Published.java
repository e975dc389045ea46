package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.StoredArchive;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive that was published. Immutable.
 *
 * @param archive as the store has it
 * @param shortfall why it is not everywhere where it should be, if it is not: a mirror keeps what
 *     its first replica has, and fails all the same
 */
public record Published(StoredArchive archive, Optional<StoreUnavailable> shortfall) {

  private static final Logger log = LoggerFactory.getLogger(Published.class);

  /**
   * Verifies the archive where it is, and goes on with that: for what a restore takes first. While
   * another machine is down, tenants can still go back, and undo it.
   */
  RestorePoint verifiedHere(
      Function<StoredArchive, RestorePoint> verifier, Consumer<StoreUnavailable> outages) {
    RestorePoint verified = verifier.apply(archive);
    shortfall.ifPresent(outages);
    return verified;
  }

  /**
   * Verifies the archive, also one that is not everywhere: while another machine is down, what is
   * kept here must count as a backup. That run fails nevertheless.
   */
  public RestorePoint verified(Function<StoredArchive, RestorePoint> verifier) {
    if (shortfall.isEmpty()) {
      return verifier.apply(archive);
    }
    StoreUnavailable failure = shortfall.get();
    try {
      log.warn("What is kept was verified: {}", verifier.apply(archive));
    } catch (BackupException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}
