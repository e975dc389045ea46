package dev.sevenfold.backup;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

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
    return (ArchiveStore)
        Proxy.newProxyInstance(
            Outage.class.getClassLoader(),
            new Class<?>[] {ArchiveStore.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals")
                    ? proxy == arguments[0]
                    : method.invoke(this, arguments);
              }
              if (method.getName().equals("describe")) {
                return name;
              }
              if (down && !method.getName().equals("close")) {
                throw new StoreUnavailable("The machine is off", "Switch it on");
              }
              try {
                return method.invoke(inner, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
