package dev.sevenfold.backup;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;

/** The same through a decorator of which the library knows nothing. */
class WrappedMirrorOutageTest extends MirrorOutageTest {

  @Override
  ArchiveStore seen(MirroredArchiveStore store) {
    return new Outage("measured", store).store();
  }
}
