package dev.sevenfold.backup.source;

import java.nio.file.Path;

/**
 * Makes a database anew that is not backed up: a cache, a queue. May be asked again for the same
 * one, if the restore was killed meanwhile; what was half made is gone then.
 */
@FunctionalInterface
public interface DatabaseRebuild {

  /**
   * Makes the database, or leaves that to the host's next start.
   *
   * @param name what the host calls it
   * @param file where it belongs; nothing is there
   * @throws Exception if it cannot be made; what was there before comes back
   */
  void rebuild(String name, Path file) throws Exception;
}
