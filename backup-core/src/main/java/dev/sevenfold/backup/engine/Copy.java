package dev.sevenfold.backup.engine;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A tenant's rows, copied to {@link Workbench#COPY}. Immutable.
 *
 * @param key whose they are
 * @param at the instant that they are of
 * @param model the tables as they were then
 * @param engine what an archive calls the database's program: {@code sqlite}
 * @param engineVersion the version of the database's program
 * @param schemaVersion what the host numbers its schema by, where the database keeps it
 * @param abandoned for each table, how many rows had lost their owner and are counted in, since a
 *     restore brings it back
 */
public record Copy(
    TenantKey key,
    Instant at,
    LiveModel model,
    String engine,
    String engineVersion,
    OptionalLong schemaVersion,
    Map<String, Long> abandoned) {

  public Copy {
    abandoned = Map.copyOf(abandoned);
  }
}
