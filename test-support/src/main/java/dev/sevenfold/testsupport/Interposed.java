package dev.sevenfold.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object that has a word in each call of another one: to fail it, to look at it, to kill the
 * process before it or after it. It equals itself alone.
 */
public final class Interposed {

  /** What is done in place of a call. */
  @FunctionalInterface
  public interface Word {
    /** Answers the call; most often by {@link Call#proceed}, before or after something else. */
    @Nullable Object on(Call call) throws Throwable;
  }

  /** One call. Use from one thread. */
  public static final class Call {
    private final Object target;
    private final Method method;
    private final Object @Nullable [] arguments;

    private Call(Object target, Method method, Object @Nullable [] arguments) {
      this.target = target;
      this.method = method;
      this.arguments = arguments;
    }

    /** The method's name. */
    public String name() {
      return method.getName();
    }

    /** Whether this method is called. */
    public boolean is(String name) {
      return method.getName().equals(name);
    }

    /** The first argument, if it is of this type. */
    public <A> Optional<A> first(Class<A> type) {
      return arguments != null && arguments.length > 0 && type.isInstance(arguments[0])
          ? Optional.of(type.cast(arguments[0]))
          : Optional.empty();
    }

    /** Does what was asked for, and fails as it fails. */
    public @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private Interposed() {}

  /** An object of this interface in front of {@code target}. */
  public static <T> T before(T target, Class<T> type, Word word) {
    return type.cast(
        Proxy.newProxyInstance(
            Interposed.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              boolean isEquals =
                  method.getDeclaringClass() == Object.class && method.getName().equals("equals");
              return isEquals
                  ? proxy == arguments[0]
                  : word.on(new Call(target, method, arguments));
            }));
  }

  /**
   * An object of this interface with nothing behind it, for calls that none {@link Call#proceed}.
   */
  public static <T> T standingFor(Class<T> type, Word word) {
    Object nothing = new Object();
    return type.cast(
        Proxy.newProxyInstance(
            Interposed.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> word.on(new Call(nothing, method, arguments))));
  }
}
