package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Fails each call that some work makes of a store, the first one, then the second, and so on, until
 * the work needs no more calls; in every way in which it can fail.
 */
final class EveryCall {

  /** A world of its own, the work over a store that may fail, and what holds afterwards. */
  @FunctionalInterface
  interface Trial {
    /**
     * Runs once.
     *
     * @param script is asked once for the store that may fail
     */
    void run(Script script) throws Exception;
  }

  /** What goes wrong in one run of a {@link Trial}. Use from one thread. */
  static final class Script {

    private final Operation operation;
    private final int call;
    private final @Nullable Fault fault;
    private final Map<Operation, Integer> healed = new EnumMap<>(Operation.class);
    private @Nullable FaultyArchiveStore given;

    private Script(Operation operation, int call, @Nullable Fault fault) {
      this.operation = operation;
      this.call = call;
      this.fault = fault;
    }

    /** This store, failing. */
    FaultyArchiveStore over(ArchiveStore store) {
      FaultyArchiveStore faulty = FaultyArchiveStore.around(store);
      given = faulty;
      return fault == null ? faulty : faulty.on(operation, call, fault);
    }

    /** The work is over: from here on nothing fails, and no call counts. */
    void heal() {
      for (Operation operation : Operation.values()) {
        healed.put(operation, calls(operation));
      }
      given().heal();
    }

    private int calls(Operation of) {
      return healed.getOrDefault(of, given().calls(of));
    }

    private FaultyArchiveStore given() {
      assertThat(given).as("the store that the trial has asked for").isNotNull();
      return given;
    }

    private boolean struck() {
      boolean made = calls(operation) >= call;
      assertThat(given().struck()).as("faults that struck").isEqualTo(made ? 1 : 0);
      return made;
    }
  }

  private EveryCall() {}

  /** A test for each operation that the work uses, and each way in which it can fail. */
  static Stream<DynamicTest> of(Trial trial) throws Exception {
    Script clean = new Script(Operation.LIST, 1, null);
    trial.run(clean);
    assertThat(Operation.values()).anyMatch(operation -> clean.calls(operation) > 0);
    return Stream.of(Operation.values())
        .filter(operation -> clean.calls(operation) > 0)
        .flatMap(
            operation ->
                faults(operation)
                    .map(
                        fault ->
                            DynamicTest.dynamicTest(
                                operation + " " + fault.getClass().getSimpleName(),
                                () -> failEach(trial, operation, fault, clean.calls(operation)))));
  }

  private static Stream<Fault> faults(Operation operation) {
    return switch (operation) {
      case OPEN ->
          Stream.of(
              Fault.before(),
              Fault.afterBytes(400),
              Fault.corruptByteAt(200),
              Fault.cutShortAfter(300));
      case PUBLISH -> Stream.of(Fault.before(), Fault.afterBytes(500), Fault.after());
      default -> Stream.of(Fault.before(), Fault.after());
    };
  }

  /**
   * Fails the first call, the second, and so on, until one is not made any more.
   *
   * @param least how many there are when none fails
   */
  private static void failEach(Trial trial, Operation operation, Fault fault, int least) {
    int call = 0;
    boolean struck;
    do {
      call++;
      Script script = new Script(operation, call, fault);
      try {
        trial.run(script);
        struck = script.struck();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("Call " + call + " of " + operation + ", " + fault, e);
      }
    } while (struck);
    assertThat(call).as("the first call that was not made").isGreaterThan(least);
  }
}
