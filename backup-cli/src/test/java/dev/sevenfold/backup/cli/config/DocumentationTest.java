package dev.sevenfold.backup.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation shows of the config file is understood. */
class DocumentationTest {

  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void the_config_of_the_runbook_is_enough_to_reach_the_store() throws IOException {
    String text = Files.readString(Path.of("..").resolve("docs/disaster-recovery.md"));
    List<String> blocks = YAML.matcher(text).results().map(block -> block.group(1)).toList();

    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      Path file = folder.resolve("sevenfold.yml");
      Files.writeString(file, block);
      assertThatNoException().as(block).isThrownBy(() -> Config.read(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/tenant-model.md", "docs/operator-cli.md"})
  void every_config_of_the_documentation_is_valid(String page) throws IOException {
    String text = Files.readString(Path.of("..").resolve(page));
    List<String> blocks = YAML.matcher(text).results().map(MatchResult::group).toList();

    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      Path file = folder.resolve("sevenfold.yml");
      Files.writeString(file, block.replaceAll("```(yaml)?", ""));
      assertThatNoException().as(block).isThrownBy(() -> Config.read(file).requireTenants());
    }
  }
}
