package dev.sevenfold.backup.service;

import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners as one, none of which can disturb the work. */
public final class Listeners {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<BackupListener> listeners;

  public Listeners(List<BackupListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** These, and one more. */
  public Listeners and(BackupListener listener) {
    List<BackupListener> all = new ArrayList<>(listeners);
    all.add(listener);
    return new Listeners(all);
  }

  public void tell(Consumer<BackupListener> event) {
    for (BackupListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.warn("The listener {} failed; the work goes on", listener, e);
      }
    }
  }

  /** Tells what there is to know of an archive that was verified. */
  public void archiveFindings(Label label, List<String> findings) {
    tell(listener -> listener.archiveFindings(label, findings));
  }

  /** Tells the listeners and one more. */
  public Progress progressOf(TenantId tenant, Progress other) {
    Progress all = progressOf(tenant);
    return (step, unit, done, total) -> {
      all.report(step, unit, done, total);
      other.report(step, unit, done, total);
    };
  }

  public Progress progressOf(TenantId tenant) {
    return (step, unit, done, total) ->
        tell(listener -> listener.progressed(tenant, step, unit, done, total));
  }

  /** Tells the listeners, and one more, how far work on the whole system is. */
  public Progress progressOfSystem(Progress other) {
    return (step, unit, done, total) -> {
      tell(listener -> listener.systemProgressed(step, unit, done, total));
      other.report(step, unit, done, total);
    };
  }
}
