package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What went wrong in which place of a mirror, made into one exception. Use from one thread. */
final class PlaceFailures {

  private final List<String> texts = new ArrayList<>();
  private @Nullable RuntimeException first;

  /** Does something in a place; a failure is kept, so that the other places get their turn. */
  void collect(ArchiveStore place, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      add(place, e);
    }
  }

  void add(ArchiveStore place, RuntimeException failure) {
    String what = failure instanceof BackupException known ? known.what() : failure.toString();
    texts.add(place.describe() + ": " + what);
    if (first == null) {
      first = failure;
    } else if (first != failure) {
      first.addSuppressed(failure);
    }
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  /** Throws if anything failed: what is the case now, then each failure, then what to do. */
  void throwIfAny(String what, String advice) {
    toFailure(what, advice)
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** What {@link #throwIfAny} would throw. */
  Optional<StoreUnavailable> toFailure(String what, String advice) {
    return isEmpty()
        ? Optional.empty()
        : Optional.of(new StoreUnavailable(what + ": " + String.join("; ", texts), advice, first));
  }
}
