package dev.sevenfold.backup;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.testsupport.Interposed;
import java.util.List;

/** A store on a machine that can be switched off. Thread-safe. */
final class Outage {

  private final String name;
  private final ArchiveStore inner;
  private volatile boolean down;

  Outage(String name, ArchiveStore inner) {
    this.name = name;
    this.inner = inner;
  }

  void begin() {
    down = true;
  }

  void end() {
    down = false;
  }

  /** The store, as it is reached from here. */
  ArchiveStore store() {
    return Interposed.before(
        inner,
        ArchiveStore.class,
        call -> {
          if (call.is("describe")) {
            return name;
          }
          boolean asks =
              List.of("close", "hashCode", "toString", "noteUseBeside").stream()
                  .noneMatch(call::is);
          if (down && asks) {
            throw new StoreUnavailable("The machine is off", "Switch it on");
          }
          return call.proceed();
        });
  }
}
