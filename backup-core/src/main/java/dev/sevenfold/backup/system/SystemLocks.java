package dev.sevenfold.backup.system;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.system.SystemParts.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a whole system: a byte of the file that the locks of its tenants are in, beside the
 * first of its databases. A backup that cannot have it is made all the same: it only keeps two from
 * getting one number.
 */
public final class SystemLocks {

  private static final Logger log = LoggerFactory.getLogger(SystemLocks.class);

  /** Beyond those of all tenants. */
  public static final long POSITION = 1L << 62;

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private SystemLocks() {}

  public static SystemSource.Lock acquire(List<Part> databases) {
    return file(databases).map(file -> acquire(file, PATIENCE)).orElse(() -> {});
  }

  public static SystemSource.Lock acquire(Path file, Duration patience) {
    try {
      @Nullable TenantLock lock = new TenantLocks(file, patience).acquire(POSITION, patience);
      if (lock != null) {
        return lock::close;
      }
      log.warn("Another backup of the system has been at work for {}; this one goes on", patience);
    } catch (SourceUnavailable e) {
      log.debug("The system is backed up without a lock", Printable.failure(e));
    }
    return () -> {};
  }

  /** Empty for a system of trees alone, and where a database is not there, which is told later. */
  private static Optional<Path> file(List<Part> databases) {
    return databases.stream()
        .map(Part::path)
        .min(Comparator.naturalOrder())
        .flatMap(SystemLocks::real)
        .map(file -> file.resolveSibling(file.getFileName() + TenantLocks.SUFFIX));
  }

  /** As SQLite names it: a process must not have one lock file open under two names. */
  private static Optional<Path> real(Path database) {
    try {
      return Optional.of(database.toRealPath());
    } catch (IOException e) {
      log.debug("There is no lock beside {}", database, Printable.failure(e));
      return Optional.empty();
    }
  }
}
