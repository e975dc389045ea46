package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to bring a label into use, held by one call of one process at a time, for the moment
 * that it takes to look whether the label is free and to use it. It is a file that comes into being
 * exclusively, of the same name as a directory store has for it. It outlives a lost connection, so
 * that the call can go on with a new one; what it contains tells the call its own claim from
 * another's. Use from one thread.
 */
final class LabelClaim implements AutoCloseable {

  private enum State {
    FREE,
    /** Asked for, and the connection was lost before the answer came. */
    UNSURE,
    HELD
  }

  private static final Logger LOG = LoggerFactory.getLogger(LabelClaim.class);

  /** Together longer than anybody holds a claim who is alive. */
  private static final int LOOKS = 100;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final RemoteFolder folder;
  private final Leftovers leftovers;
  private final Retries retries;
  private final String name;
  private final byte[] owner = UUID.randomUUID().toString().getBytes(US_ASCII);
  private State state = State.FREE;

  LabelClaim(RemoteFolder folder, Leftovers leftovers, Retries retries, Label label) {
    this.folder = folder;
    this.leftovers = leftovers;
    this.retries = retries;
    this.name = ArchiveFileName.claimOf(label);
  }

  /**
   * Takes the claim, unless it is held already.
   *
   * @throws FileAlreadyExistsException if somebody else holds it
   */
  void take(Sftp sftp) throws IOException {
    if (state == State.UNSURE && isOurs(sftp)) {
      state = State.HELD;
    }
    if (state == State.HELD) {
      return;
    }
    state = State.UNSURE;
    try {
      create(sftp);
      state = State.HELD;
    } catch (FileAlreadyExistsException | RequestRefused e) {
      state = State.FREE;
      throw e;
    }
  }

  /**
   * Takes the claim once nobody else holds it. Goes on without where its holder is likely to have
   * been killed, and where a claim cannot be made: a full disk must not keep what would make room
   * from going.
   */
  void await(Sftp sftp) throws IOException {
    for (int look = 1; look <= LOOKS; look++) {
      try {
        take(sftp);
        return;
      } catch (FileAlreadyExistsException e) {
        retries.rest(BETWEEN_LOOKS);
      } catch (RequestRefused e) {
        LOG.debug("{} cannot be made", folder.path(name), e);
        return;
      }
    }
    LOG.warn("{} was left behind by a process that was killed, and is ignored", folder.path(name));
  }

  private void create(Sftp sftp) throws IOException {
    if (!sftp.canLink()) {
      // Without links a file cannot come into being with its content: a claim whose making was cut
      // off cannot be told from another's then, and stays until it is swept away.
      sftp.close(folder.create(sftp, name));
      return;
    }
    String written = folder.newTemporary();
    try {
      folder.write(sftp, written, owner);
      folder.nameExclusively(sftp, written, name);
    } finally {
      leftovers.discard(written);
    }
  }

  private boolean isOurs(Sftp sftp) throws IOException {
    return folder
        .read(sftp, name, owner.length)
        .filter(content -> Arrays.equals(content, owner))
        .isPresent();
  }

  @Override
  public void close() {
    if (state == State.HELD) {
      leftovers.discard(name);
    } else if (state == State.UNSURE) {
      leftovers.discardIf(name, owner);
    }
    state = State.FREE;
  }
}
