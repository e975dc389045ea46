package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveOwner;
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
        log.warn("The listener {} failed; the work goes on", listener, Printable.failure(e));
      }
    }
  }

  /** Is told what there is to know of an archive that was verified. */
  public Consumer<List<String>> findingsOf(Label label) {
    return findings -> tell(listener -> listener.archiveFindings(label, findings));
  }

  /** Tells the listeners, and one more, how far work for an owner is. */
  public Progress progressOf(ArchiveOwner owner, Progress other) {
    return (step, unit, done, total) -> {
      tell(
          listener ->
              owner
                  .tenant()
                  .ifPresentOrElse(
                      tenant -> listener.progressed(tenant, step, unit, done, total),
                      () -> listener.systemProgressed(step, unit, done, total)));
      other.report(step, unit, done, total);
    };
  }

  /** As the one above, of a tenant, for nobody else. */
  public Progress progressOf(TenantId tenant) {
    return progressOf(ArchiveOwner.tenant(tenant), Progress.none());
  }
}
