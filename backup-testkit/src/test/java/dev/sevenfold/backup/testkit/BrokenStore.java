package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.store.ArchiveStore;
import java.util.Arrays;
import java.util.stream.Stream;

/** A store with one fault. */
interface BrokenStore extends ArchiveStoreContract {

  /** The test of the contract that must fail. */
  String caughtBy();

  @Override
  ArchiveStore newStore();

  static Stream<BrokenStore> all() {
    return Stream.concat(
        Arrays.stream(BrokenUpload.values()), Arrays.stream(BrokenKeeping.values()));
  }
}
