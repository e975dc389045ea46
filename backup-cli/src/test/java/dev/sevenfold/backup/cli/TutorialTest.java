package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever follows docs/tutorial.md sees what it shows. */
class TutorialTest {

  @TempDir Path temporary;

  @Test
  void every_command_prints_what_the_page_shows() throws Exception {
    ConsolePage page = ConsolePage.of("tutorial.md", temporary);

    assertThat(page.follow()).isGreaterThan(20);

    assertThat(page.blocks("java")).hasSize(2);
  }

  @Test
  void the_java_of_the_page_is_what_is_suggested() throws Exception {
    ConsolePage page = ConsolePage.of("tutorial.md", temporary);
    String model =
        page.blocks("java").stream()
            .filter(java -> java.contains("rootedAt("))
            .reduce((first, last) -> last)
            .orElseThrow();
    page.write("rails.yml");
    page.run("sql rails.sqlite3 rails-like.sql");

    String suggested =
        page.run("sevenfold tenant suggest --config rails.yml --java")
            .lines()
            .filter(line -> line.startsWith("TenantModel") || line.startsWith("    ."))
            .collect(Collectors.joining());

    assertThat(model.replaceAll("\\s", "")).contains(suggested.replaceAll("\\s", ""));
  }
}
