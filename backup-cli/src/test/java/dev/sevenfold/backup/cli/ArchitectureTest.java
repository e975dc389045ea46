package dev.sevenfold.backup.cli;

import dev.sevenfold.testsupport.Rooms;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The config, what commands run on, what they print, the commands on schedules, those that look
 * into restore points, the others, the program.
 */
class ArchitectureTest {

  @Test
  void packages_depend_on_those_below_them_only() {
    new Rooms(
            "dev.sevenfold.backup.cli",
            List.of(".config", ".run", ".output", ".schedule", ".history", ".command", ""))
        .check();
  }
}
