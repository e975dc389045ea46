package dev.sevenfold.backup.cli.generated;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications that nobody wrote, by seed, each from its root table alone: what {@code suggest}
 * says is pasted until it is quiet; then every row of every tenant is in its archive, comes back by
 * value and type, and a copy of a tenant leads nowhere but to its own rows. Whose each row is, the
 * generator knows.
 *
 * <p>{@code -Dgenerated.first=1 -Dgenerated.runs=200} for others than these few, {@code
 * -Dgenerated.tables=300} for larger ones, {@code -Dgenerated.first=17 -Dgenerated.runs=1} for the
 * one that a message names.
 */
class GeneratedApplicationsTest {

  /** Of small ones, what takes a second or a few each. */
  private static final List<Long> SEEDS = List.of(5L, 9L, 10L, 14L, 19L, 23L);

  private static final int RUNS = Integer.getInteger("generated.runs", 0);
  private static final long FIRST = Long.getLong("generated.first", 1);
  private static final int TABLES = Integer.getInteger("generated.tables", 0);

  @TempDir Path folder;

  @Test
  void they_go_round_from_their_root_table_alone() throws Exception {
    List<Long> seeds = RUNS == 0 ? SEEDS : LongStream.range(FIRST, FIRST + RUNS).boxed().toList();
    for (long seed : seeds) {
      run(seed, TABLES == 0 ? 10 + (int) (seed * 7 % 31) : TABLES);
    }
  }

  private void run(long seed, int tables) throws Exception {
    try {
      App app = App.drawn(seed, tables);
      AppRows.fill(app, 3 + (int) (seed % 3), 12);
      Path at = Files.createDirectory(folder.resolve(seed + "-" + tables));
      new RoundTrip(app, at).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "With -Dgenerated.first=%d, %d tables: %s".formatted(seed, tables, e.getMessage()), e);
    }
  }
}
