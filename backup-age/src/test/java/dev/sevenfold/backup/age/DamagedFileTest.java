package dev.sevenfold.backup.age;

import static dev.sevenfold.backup.age.Keys.LABEL;
import static dev.sevenfold.backup.age.Keys.bytes;
import static dev.sevenfold.backup.age.Keys.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.testkit.Fault;
import dev.sevenfold.backup.testkit.FaultyArchiveStore;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not authentic is never given out, and what is cut is never taken for whole. */
class DamagedFileTest {

  private static final int CHUNK = (1 << 16) + 16;

  private final InMemoryArchiveStore inner = new InMemoryArchiveStore();

  private byte[] encrypted(byte[] bytes) throws IOException {
    InMemoryArchiveStore scratch = new InMemoryArchiveStore();
    Keys.store(scratch).publish(LABEL, out -> out.write(bytes));
    return read(scratch, LABEL);
  }

  private void keep(byte[] file) {
    inner.delete(LABEL);
    inner.publish(LABEL, out -> out.write(file));
  }

  /** Reads all that comes; what comes before the failure must be what was encrypted. */
  private void assertCorrupt(byte[] original, String what) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Throwable thrown =
        catchThrowable(
            () -> {
              try (InputStream in = Keys.store(inner).open(LABEL)) {
                in.transferTo(out);
              }
            });
    assertThat(thrown)
        .as(what)
        .isInstanceOfAny(ArchiveCorrupt.class, ArchiveNotReadable.class)
        // What a key is wrapped in cannot be told from what it is not for; all else can.
        .satisfies(
            e ->
                assertThat(
                        e instanceof ArchiveCorrupt
                            || String.valueOf(e.getMessage()).contains("recipients"))
                    .isTrue());
    assertThat(out.toByteArray()).as(what).isEqualTo(Arrays.copyOf(original, out.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 200_000})
  void every_flipped_byte_is_noticed(int size) throws IOException {
    byte[] original = bytes(size);
    byte[] file = encrypted(original);
    TreeSet<Integer> positions = new TreeSet<>();
    for (int i = 0; i < 260 && i < file.length; i += 3) {
      positions.add(i);
    }
    for (int i = 260; i < file.length; i += 9_973) {
      positions.add(i);
    }
    positions.add(file.length - 1);
    for (int at : positions) {
      byte[] damaged = file.clone();
      damaged[at] ^= 1;
      keep(damaged);
      assertCorrupt(original, "byte " + at + " of " + file.length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 65_537, 131_072, 200_000})
  void every_cut_is_noticed_also_at_chunk_borders(int size) throws IOException {
    byte[] original = bytes(size);
    byte[] file = encrypted(original);
    int payload = file.length - payloadSize(size);
    TreeSet<Integer> lengths = new TreeSet<>(List.of(0, 1, 100, payload, file.length - 1));
    for (int border = payload; border < file.length; border += CHUNK) {
      lengths.addAll(List.of(border - 1, border, border + 1, border + 15, border + 16));
    }
    for (int length : lengths.headSet(file.length)) {
      keep(Arrays.copyOf(file, length));
      assertCorrupt(original, "cut at " + length + " of " + file.length);
      assertThat(Keys.store(inner).list(ArchiveOwner.anyone()).complete()).hasSize(1);
    }
  }

  private static int payloadSize(int size) {
    return size + 16 * Math.max(1, (size + 65_535) / 65_536);
  }

  @Test
  void what_follows_the_last_chunk_is_noticed() throws IOException {
    byte[] original = bytes(65_536);
    byte[] file = encrypted(original);

    keep(Arrays.copyOf(file, file.length + 1));
    assertCorrupt(original, "a byte more");
    keep(Arrays.copyOf(file, file.length + CHUNK));
    assertCorrupt(original, "a chunk more");
  }

  @Test
  void a_store_that_ends_early_in_silence_is_noticed() throws IOException {
    keep(encrypted(bytes(200_000)));
    FaultyArchiveStore faulty = FaultyArchiveStore.around(inner);
    faulty.always(Operation.OPEN, Fault.cutShortAfter(100_000));

    assertThatThrownBy(() -> read(Keys.store(faulty), LABEL)).isInstanceOf(ArchiveCorrupt.class);
  }

  @Test
  void a_store_that_fails_says_nothing_about_the_archive() throws IOException {
    keep(encrypted(bytes(200_000)));
    FaultyArchiveStore faulty = FaultyArchiveStore.around(inner);
    faulty.always(Operation.OPEN, Fault.afterBytes(100_000));

    assertThatThrownBy(() -> read(Keys.store(faulty), LABEL)).isInstanceOf(IOException.class);
    faulty.always(Operation.OPEN, Fault.afterBytes(10));
    assertThatThrownBy(() -> read(Keys.store(faulty), LABEL)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void the_archive_reader_hears_that_an_archive_is_corrupt() throws IOException {
    byte[] file = encrypted(bytes(200_000));
    file[file.length - 150_000] ^= 1;
    keep(file);

    try (InputStream in = Keys.store(inner).open(LABEL)) {
      assertThatThrownBy(() -> ArchiveReader.withDefaults().verify(in, bytes -> {}))
          .isInstanceOf(ArchiveCorrupt.class);
    }
  }

  @Test
  void a_file_that_is_not_encrypted_is_listed_and_not_opened() {
    inner.publish(LABEL, out -> out.write(bytes(1_000)));

    assertThat(Keys.store(inner).stat(LABEL).sizeBytes()).isEqualTo(1_000);
    assertThatThrownBy(() -> read(Keys.store(inner), LABEL)).isInstanceOf(ArchiveCorrupt.class);
  }

  @Test
  void an_upload_that_fails_leaves_no_valid_file() throws IOException {
    ByteArrayOutputStream uploaded = new ByteArrayOutputStream();
    byte[] original = bytes(200_000);
    EncryptingStream out =
        new EncryptingStream(uploaded, List.of(new Passphrase("secret".toCharArray())));
    out.write(original, 0, 150_000);
    out.close();

    inner.publish(LABEL, file -> file.write(uploaded.toByteArray()));
    AgeArchiveStore store =
        AgeArchiveStore.builder(inner).passphrase("secret".toCharArray()).build();
    assertThatThrownBy(() -> read(store, LABEL)).isInstanceOf(ArchiveCorrupt.class);
  }
}
