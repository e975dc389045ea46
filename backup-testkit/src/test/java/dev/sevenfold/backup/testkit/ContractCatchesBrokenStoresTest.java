package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A contract that every store passes proves nothing: each broken one must fail where it is broken.
 */
class ContractCatchesBrokenStoresTest {

  @ParameterizedTest
  @MethodSource("dev.sevenfold.backup.testkit.BrokenStore#all")
  void a_broken_store_fails_the_test_of_its_fault(BrokenStore broken) throws Exception {
    Throwable failure = outcome(broken.caughtBy(), broken);

    assertThat(failure)
        .as("%s must be caught by %s", broken, broken.caughtBy())
        .isNotNull()
        .isNotInstanceOf(NullPointerException.class);
  }

  @ParameterizedTest
  @MethodSource("dev.sevenfold.backup.testkit.BrokenStore#all")
  void the_test_that_catches_a_broken_store_lets_a_sound_one_pass(BrokenStore broken)
      throws Exception {
    assertThat(outcome(broken.caughtBy(), DelegatingStore::new)).isNull();
  }

  @Test
  void the_contract_has_a_test_for_every_promise() {
    List<String> tests = tests().map(Method::getName).toList();

    assertThat(tests).hasSizeGreaterThan(40).doesNotHaveDuplicates();
    assertThat(BrokenStore.all().map(BrokenStore::caughtBy)).allMatch(tests::contains);
  }

  private static Stream<Method> tests() {
    return Arrays.stream(ArchiveStoreContract.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class));
  }

  /** What the contract's test throws; null if it passes. */
  private static @Nullable Throwable outcome(String test, ArchiveStoreContract contract)
      throws Exception {
    Method method = tests().filter(each -> each.getName().equals(test)).findFirst().orElseThrow();
    try {
      method.invoke(contract);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } finally {
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }
}
