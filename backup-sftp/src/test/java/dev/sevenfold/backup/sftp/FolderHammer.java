package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Does all that can be done with a few labels, in any order, while others do the same. Whatever the
 * others do, a call succeeds, or says that the label is taken or that there is no archive. Use from
 * one thread.
 */
final class FolderHammer {

  /** Whose archives are published, marked and deleted at will. */
  private static final TenantId ANYBODY = TenantId.of("any");

  /** Whose archives are pinned, and marked, and never deleted. */
  static final ArchiveOwner PINNED = ArchiveOwner.tenant(TenantId.of("pinned"));

  static final int PINNED_ARCHIVES = 2;

  private static final int LABELS = 4;

  private final ArchiveStore store;
  private final Random random;
  private final int seed;
  private int calls;
  private int own;

  FolderHammer(ArchiveStore store, int seed) {
    this.store = store;
    this.seed = seed;
    this.random = new Random(seed);
  }

  private static Label anyLabel(int n) {
    return Label.parse("tenant_" + ANYBODY + "_2026112201010" + n);
  }

  private static Label pinnedLabel(int n) {
    return Label.parse("tenant_pinned_2026112201010" + n);
  }

  private Label ownLabel(int n) {
    return Label.parse("tenant_own%d_202611220101%02d".formatted(seed, n));
  }

  /** The archives that are pinned for ever; to be called once, before the others begin. */
  static void publishPinned(ArchiveStore store) {
    for (int n = 0; n < PINNED_ARCHIVES; n++) {
      byte[] bytes = bytes(1_000 + n);
      store.publish(pinnedLabel(n), out -> out.write(bytes));
      store.record(pinnedLabel(n), ArchiveRecord.NONE.withPinned(true));
    }
  }

  /** An archive says itself what its bytes must be. */
  private static byte[] bytes(int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[4 + random.nextInt(100_000)];
    random.nextBytes(bytes);
    ByteBuffer.wrap(bytes).putInt(seed);
    return bytes;
  }

  /** Works as long as it is to go on; gives the number of calls. */
  int workWhile(BooleanSupplier goOn) throws IOException {
    while (goOn.getAsBoolean()) {
      workWithAnybodys();
      workWithPinned();
      if (calls % 8 == 0 && own < 60) {
        workWithOwn();
      }
      calls++;
    }
    for (int n = 0; n < own; n++) {
      assertWhole(store, ownLabel(n));
      assertThat(store.stat(ownLabel(n)).record().pinned()).as("own pin %d", n).isTrue();
    }
    return calls;
  }

  private void workWithAnybodys() throws IOException {
    Label label = anyLabel(random.nextInt(LABELS));
    try {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          byte[] bytes = bytes(random.nextInt(1_000));
          store.publish(label, out -> out.write(bytes));
        }
        case 2 -> store.record(label, record().withPinned(random.nextBoolean()));
        case 3 -> store.delete(label);
        case 4 -> store.list(ArchiveOwner.anyone()).complete();
        default -> assertWhole(store, label);
      }
    } catch (LabelTaken | ArchiveNotFound e) {
      // What the contract says.
    }
  }

  private void workWithPinned() throws IOException {
    Label label = pinnedLabel(random.nextInt(LABELS));
    try {
      switch (random.nextInt(3)) {
        case 0 -> store.record(label, record().withPinned(true));
        case 1 -> assertPinned(List.of(store.stat(label)));
        default -> assertPinned(store.list(PINNED).complete());
      }
    } catch (LabelTaken | ArchiveNotFound e) {
      // What the contract says.
    }
  }

  private ArchiveRecord record() {
    return random.nextBoolean()
        ? ArchiveRecord.NONE
        : ArchiveRecord.NONE.withVerifiedAt(Instant.ofEpochMilli(random.nextInt(1_000_000)));
  }

  private static void assertPinned(List<StoredArchive> archives) {
    assertThat(archives).allMatch(archive -> archive.record().pinned(), "is pinned");
  }

  /** What nobody else touches: nothing may get into the way of it. */
  private void workWithOwn() {
    byte[] bytes = bytes(seed);
    store.publish(ownLabel(own), out -> out.write(bytes));
    store.record(ownLabel(own), ArchiveRecord.NONE.withPinned(true));
    own++;
  }

  /** An archive that is deleted while it is read may end in an exception, never early. */
  static void assertWhole(ArchiveStore store, Label label) throws IOException {
    byte[] read;
    try (InputStream in = store.open(label)) {
      read = in.readAllBytes();
    } catch (IOException e) {
      return;
    }
    assertThat(read).as("%s", label).hasSizeGreaterThanOrEqualTo(4);
    assertThat(Arrays.equals(read, bytes(ByteBuffer.wrap(read).getInt())))
        .as("the %d bytes of %s are those that were published", read.length, label)
        .isTrue();
  }
}
