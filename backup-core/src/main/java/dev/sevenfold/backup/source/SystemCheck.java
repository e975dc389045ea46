package dev.sevenfold.backup.source;

import java.nio.file.Path;
import java.util.Map;

/**
 * Asks the host whether a system that was just restored is well: whether its own code can open the
 * databases, whether somebody can log in. It must close whatever it opens. It may be asked again
 * about the same system, if the restore was killed meanwhile.
 */
@FunctionalInterface
public interface SystemCheck {

  /**
   * Looks at the restored system.
   *
   * @param places where each part is, by the name that the host gave it
   * @return whether it is well; if not, or if this throws, what was there before comes back
   */
  boolean passes(Map<String, Path> places) throws Exception;
}
