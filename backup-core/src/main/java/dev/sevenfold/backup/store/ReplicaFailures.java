package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What went wrong in which replica of a mirror, made into one exception. Use from one thread. */
final class ReplicaFailures {

  private final List<String> texts = new ArrayList<>();
  private @Nullable RuntimeException first;

  /** Does something in a replica; a failure is kept, so that the other replicas get their turn. */
  void collect(ArchiveStore replica, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      add(replica, e);
    }
  }

  void add(ArchiveStore replica, RuntimeException failure) {
    String what = failure instanceof BackupException known ? known.what() : failure.toString();
    texts.add(replica.describe() + ": " + what);
    if (first == null) {
      first = failure;
    } else if (first != failure) {
      first.addSuppressed(failure);
    }
  }

  /**
   * Whether any replica says yes; as long as one does, the others need not answer.
   *
   * @throws StoreUnavailable if none does, and not all answer
   */
  static boolean anyOf(List<ArchiveStore> replicas, Predicate<ArchiveStore> question) {
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        if (question.test(replica)) {
          return true;
        }
      } catch (StoreUnavailable e) {
        failures.add(replica, e);
      }
    }
    failures.throwIfAny("Not all replicas answer, and the others know nothing of it", "Try again");
    return false;
  }

  /** How many replicas failed. */
  int size() {
    return texts.size();
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
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(new StoreUnavailable(what + ": " + String.join("; ", texts), advice, first));
  }
}
