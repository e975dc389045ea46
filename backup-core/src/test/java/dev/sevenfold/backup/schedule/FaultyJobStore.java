package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;

/** A store whose calls fail when they are told to, before or after they took effect. */
final class FaultyJobStore {

  /** Asked before each call, by the method's name, whether to let it fail. */
  private Predicate<String> before = method -> false;

  /** Asked after each call: it has taken effect, and its answer is lost. */
  private Predicate<String> after = method -> false;

  private final JobStore real;

  FaultyJobStore(JobStore real) {
    this.real = real;
  }

  void failBefore(Predicate<String> calls) {
    before = calls;
  }

  void failAfter(Predicate<String> calls) {
    after = calls;
  }

  JobStore store() {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, arguments) -> {
              failIf(before, method.getName());
              try {
                Object answer = method.invoke(real, arguments);
                failIf(after, method.getName());
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  private static void failIf(Predicate<String> calls, String method) {
    if (calls.test(method)) {
      throw new StoreUnavailable("The call " + method + " failed", "It was told to");
    }
  }
}
