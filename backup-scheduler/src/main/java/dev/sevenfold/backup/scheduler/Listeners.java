package dev.sevenfold.backup.scheduler;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners, whose failures must not become those of backups.
 *
 * @param all who listens
 */
record Listeners(List<SchedulerListener> all) {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  public void tell(Consumer<SchedulerListener> event) {
    for (SchedulerListener listener : all) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.error("The listener {} failed", listener.getClass().getName(), e);
      }
    }
  }
}
