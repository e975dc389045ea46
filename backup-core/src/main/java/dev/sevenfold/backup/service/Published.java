package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive that was published. Immutable.
 *
 * @param label what it is listed by
 * @param shortfall why it is not everywhere where it should be, if it is not: a mirror keeps what
 *     its first place has, and fails all the same
 */
public record Published(Label label, Optional<StoreUnavailable> shortfall) {

  private static final Logger log = LoggerFactory.getLogger(Published.class);

  /**
   * Proves the archive where it is, and goes on with that: for what a restore takes first. While
   * another machine is down, tenants can still go back, and undo it.
   */
  public <P> P provenHere(Function<Label, P> proof, Consumer<StoreUnavailable> outages) {
    P proven = proof.apply(label);
    shortfall.ifPresent(outages);
    return proven;
  }

  /**
   * Proves the archive, also one that is not everywhere: while another machine is down, what is
   * kept here must count as a backup. That run fails nevertheless.
   */
  public <P> P proven(Function<Label, P> proof) {
    if (shortfall.isEmpty()) {
      return proof.apply(label);
    }
    StoreUnavailable failure = shortfall.get();
    try {
      log.warn("What is kept was proven: {}", proof.apply(label));
    } catch (BackupException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}
