package dev.sevenfold.backup.system;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.source.ConnectionCustomizer;
import dev.sevenfold.backup.source.DatabaseRebuild;
import dev.sevenfold.backup.source.SystemCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How a system is restored, as the host wants it. Immutable.
 *
 * @param directory the folder of the system
 * @param chosen paths below it, by the names of the parts
 * @param databaseMode of restored databases, as nine bits
 * @param evenIfOpen whether databases that are in use are replaced
 * @param keepReplaced whether what was there before is kept
 * @param disk what changes the disk
 * @param acceptFindings whether a database is restored that is not as its own schema has it
 * @param customizer what the connections that check databases are given
 */
public record RestoreSettings(
    Path directory,
    Map<String, String> chosen,
    int databaseMode,
    FileOwners owners,
    boolean evenIfOpen,
    boolean keepReplaced,
    DatabaseRebuild rebuild,
    List<SystemCheck> checks,
    Duration busyTimeout,
    Clock clock,
    Supplier<DurableFiles> disk,
    boolean acceptFindings,
    ConnectionCustomizer customizer) {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  public RestoreSettings {
    chosen = Map.copyOf(chosen);
    checks = List.copyOf(checks);
  }

  public WorkFolder work() {
    return WorkFolder.in(directory);
  }

  /** Now, as part of a folder's name. */
  String stamp() {
    return STAMP.format(clock.instant());
  }
}
