package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever follows docs/support.md sees what it shows. */
class SupportPageTest {

  @TempDir Path temporary;

  @Test
  void every_command_prints_what_the_page_shows() throws Exception {
    assertThat(ConsolePage.of("support.md", temporary).follow()).isGreaterThan(15);
  }
}
