package dev.sevenfold.examples.dashboard;

import dev.sevenfold.testsupport.Rooms;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The web, what a host has anyway, the dashboard. */
class ArchitectureTest {

  @Test
  void packages_depend_on_those_below_them_only() {
    new Rooms("dev.sevenfold.examples.dashboard", List.of(".web", ".host", "")).check();
  }
}
