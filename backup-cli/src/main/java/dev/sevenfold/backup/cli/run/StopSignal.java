package dev.sevenfold.backup.cli.run;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for SIGTERM or SIGINT, so that a command which would go on for ever can end by itself, with
 * an exit code of its own. A second signal ends the process as it would any other command. Use from
 * one thread.
 *
 * <p>The JDK's only way to hear a signal is {@code sun.misc.Signal}, which every build of it has
 * and the compiler warns about; hence by reflection. Where it is missing or the signal is taken,
 * the shutdown hook of every command interrupts the waiting.
 */
public final class StopSignal implements AutoCloseable {

  private final CountDownLatch heard = new CountDownLatch(1);

  /** What each signal did before. */
  private final Map<Object, Object> before = new LinkedHashMap<>();

  private StopSignal() {}

  public static StopSignal listening() {
    StopSignal stop = new StopSignal();
    try {
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              handlers.getClassLoader(), new Class<?>[] {handlers}, stop::onCall);
      for (String name : new String[] {"TERM", "INT"}) {
        Object signal =
            Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
        stop.before.put(signal, handle(signal, handler));
      }
    } catch (ReflectiveOperationException e) {
      // No such class, or a signal that is taken: the shutdown hook interrupts the waiting.
      return stop;
    }
    return stop;
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }

  private Object onCall(Object proxy, Method method, Object[] arguments) {
    switch (method.getName()) {
      case "handle" -> {
        restore();
        heard.countDown();
        return Void.TYPE;
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "equals" -> {
        return proxy == arguments[0];
      }
      default -> {
        return "stop signal";
      }
    }
  }

  private synchronized void restore() {
    before.forEach(
        (signal, handler) -> {
          try {
            handle(signal, handler);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("It could be set, so it can be set back", e);
          }
        });
    before.clear();
  }

  /** Waits for a signal; whether there was one. */
  public boolean await(Duration time) throws InterruptedException {
    return heard.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Signals do again what they did before. */
  @Override
  public void close() {
    restore();
  }
}
