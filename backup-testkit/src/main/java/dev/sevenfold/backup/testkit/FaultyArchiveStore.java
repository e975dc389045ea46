package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another one that fails as scripted. To prove that code survives a failure
 * anywhere, fail the first call, then the second, and so on, until a run needs no more calls.
 *
 * <pre>{@code
 * FaultyArchiveStore store =
 *     FaultyArchiveStore.around(new InMemoryArchiveStore())
 *         .on(Operation.PUBLISH, 2, Fault.afterBytes(1000))
 *         .always(Operation.DELETE, Fault.before());
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class FaultyArchiveStore implements ArchiveStore {

  /** The calls that can go wrong. */
  public enum Operation {
    /** {@link ArchiveStore#publish}. */
    PUBLISH,
    /** {@link ArchiveStore#open}, and reading what it gives. */
    OPEN,
    /** {@link ArchiveStore#stat}. */
    STAT,
    /** {@link ArchiveStore#list}. */
    LIST,
    /** {@link ArchiveStore#record}. */
    RECORD,
    /** {@link ArchiveStore#delete}. */
    DELETE
  }

  private final ArchiveStore store;
  private final Map<Operation, Map<Integer, Fault>> script = new EnumMap<>(Operation.class);
  private final Map<Operation, Fault> always = new EnumMap<>(Operation.class);
  private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);
  private final AtomicInteger struck = new AtomicInteger();

  private FaultyArchiveStore(ArchiveStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /** A store that behaves like {@code store} until faults are scripted. */
  public static FaultyArchiveStore around(ArchiveStore store) {
    return new FaultyArchiveStore(store);
  }

  /**
   * Scripts a fault for one call.
   *
   * @param call which one, counted from 1 since this store was made
   * @throws IllegalArgumentException if the call was made already, or cannot fail in this way
   */
  public synchronized FaultyArchiveStore on(Operation operation, int call, Fault fault) {
    requireFitting(operation, fault);
    if (call <= calls(operation)) {
      throw new IllegalArgumentException(
          "Call " + call + " of " + operation + " is over; there were " + calls(operation));
    }
    script.computeIfAbsent(operation, any -> new HashMap<>()).put(call, fault);
    return this;
  }

  /** Scripts a fault for the next call. */
  public synchronized FaultyArchiveStore next(Operation operation, Fault fault) {
    return on(operation, calls(operation) + 1, fault);
  }

  /** Scripts a fault for every call that has none of its own. */
  public synchronized FaultyArchiveStore always(Operation operation, Fault fault) {
    requireFitting(operation, fault);
    always.put(operation, fault);
    return this;
  }

  /** Forgets all faults: the store works again. */
  public synchronized FaultyArchiveStore heal() {
    script.clear();
    always.clear();
    return this;
  }

  /** How often an operation was called so far, successfully or not. */
  public synchronized int calls(Operation operation) {
    return calls.getOrDefault(operation, 0);
  }

  /**
   * How many faults struck so far: a test proves nothing by one that did not. One within a stream
   * strikes when the stream gets there.
   */
  public int struck() {
    return struck.get();
  }

  private static void requireFitting(Operation operation, Fault fault) {
    boolean fits =
        fault instanceof Fault.Before
            || fault instanceof Fault.After
            || operation == Operation.OPEN
            || (operation == Operation.PUBLISH && fault instanceof Fault.AfterBytes);
    if (!fits) {
      throw new IllegalArgumentException(operation + " cannot fail with " + fault);
    }
  }

  private synchronized Optional<Fault> begin(Operation operation) {
    int call = calls.merge(operation, 1, Integer::sum);
    Map<Integer, Fault> scripted = script.getOrDefault(operation, Map.of());
    @Nullable Fault fault = scripted.get(call);
    return Optional.ofNullable(fault == null ? always.get(operation) : fault);
  }

  private <T> T call(Operation operation, Supplier<T> action) {
    return call(begin(operation), action);
  }

  private <T> T call(Optional<Fault> fault, Supplier<T> action) {
    if (fault.orElse(null) instanceof Fault.Before before) {
      struck.incrementAndGet();
      throw before.failure().get();
    }
    if (fault.orElse(null) instanceof Fault.After after) {
      struck.incrementAndGet();
      throw afterwards(after.failure().get(), action);
    }
    return action.get();
  }

  @SuppressWarnings("ReturnValueIgnored") // The answer is lost: that is the fault.
  private static RuntimeException afterwards(RuntimeException failure, Supplier<?> action) {
    try {
      action.get();
    } catch (RuntimeException lost) {
      failure.addSuppressed(lost);
    }
    return failure;
  }

  @Override
  public String describe() {
    return "faulty " + store.describe();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return store.ownPlaces();
  }

  @Override
  public void noteUseBeside(Path database) {
    store.noteUseBeside(database);
  }

  @Override
  public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    Optional<Fault> fault = begin(Operation.PUBLISH);
    if (fault.orElse(null) instanceof Fault.AfterBytes after) {
      return publishUntil(label, record, content, after.bytes());
    }
    return call(fault, () -> store.publish(label, record, content));
  }

  /**
   * Fails like a store whose disk is full: with an exception of the stream, whatever comes next.
   */
  private StoredArchive publishUntil(
      Label label, ArchiveRecord record, Content content, long bytes) {
    FaultyStreams.Limit limit = new FaultyStreams.Limit(bytes, struck::incrementAndGet);
    try {
      return store.publish(
          label,
          record,
          out -> {
            content.writeTo(limit.on(out));
            if (limit.isExceeded()) {
              throw new IOException("The content hid that its stream failed");
            }
          });
    } catch (RuntimeException e) {
      if (!limit.isExceeded()) {
        throw e;
      }
      throw new StoreUnavailable(
          "The upload of " + label + " broke off after " + bytes + " bytes, as scripted",
          "Try again",
          e);
    }
  }

  @Override
  public InputStream open(Label label, long offset) {
    Optional<Fault> fault = begin(Operation.OPEN);
    InputStream in = call(fault, () -> store.open(label, offset));
    return fault.isPresent()
        ? FaultyStreams.reading(in, offset, fault.get(), struck::incrementAndGet)
        : in;
  }

  @Override
  public StoredArchive stat(Label label) {
    return call(Operation.STAT, () -> store.stat(label));
  }

  @Override
  public Listing list(ArchiveOwner owner) {
    return call(Operation.LIST, () -> store.list(owner));
  }

  @Override
  public StoredArchive record(Label label, ArchiveRecord record) {
    return call(Operation.RECORD, () -> store.record(label, record));
  }

  @Override
  public void delete(Label label) {
    call(
        Operation.DELETE,
        () -> {
          store.delete(label);
          return label;
        });
  }

  /** Never fails as scripted: a store of another's making may not even know the call. */
  @Override
  public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    return store.remembers(owner, digest);
  }

  /** Never fails as scripted, as {@link #remembers}. */
  @Override
  public List<String> kept(ArchiveOwner owner) {
    return store.kept(owner);
  }

  /** Never fails as scripted, as {@link #remembers}. */
  @Override
  public void forget(ArchiveOwner owner) {
    store.forget(owner);
  }

  @Override
  public void close() {
    store.close();
  }
}
