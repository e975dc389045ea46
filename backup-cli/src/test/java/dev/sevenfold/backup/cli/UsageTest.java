package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tenant",
        "archive",
        "nonsense",
        "tenant nonsense",
        "tenant backup",
        "tenant backup --config F",
        "tenant backup --config F --tenant",
        "tenant backup --config F --tenant 1 --all",
        "tenant backup --config F --tenant 1 --oops",
        "tenant list --config F",
        "tenant list --tenant 1",
        "tenant list --config F --tenant 1 --tenant 2",
        "tenant restore --config F --tenant 1",
        "tenant restore --config F --tenant 1 --label ../../etc/passwd",
        "tenant relabel --config F --tenant 1",
        "tenant relabel --config F --tenant 1 --from nothing",
        "schedule",
        "schedule set --config F --tenant 1",
        "schedule set --config F --cron @daily",
        "schedule show --config F --tenant 1 --system",
        "schedule remove --config F",
        "serve",
        "health",
        "archive verify",
        "archive verify --label tenant_1_20261122010100",
        "archive verify --config F --label tenant_1_20261122010100 file",
        "archive get --config F --label tenant_1_20261122010100",
        "archive convert-store",
      })
  void ends_with_2_and_says_what_is_wrong(String line) {
    String config = Shop.create(folder, 1).config().toString();
    List<String> arguments = List.of(line.replace("F", config).split(" ", -1));

    Cli cli = Cli.run(line.isEmpty() ? new String[0] : arguments.toArray(String[]::new));

    assertThat(cli.code()).as("%s", cli).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err().lines().toList()).hasSizeGreaterThan(1);
    assertThat(cli.firstError()).startsWith("sevenfold: ");
    assertThat(cli.err()).contains("Run: sevenfold").contains("--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tenant frob    | unknown command frob            | backup, list, preview, restore, undo
          frob           | unknown command frob            | tenant, archive, system, schedule
          archive        | sevenfold archive needs a command | verify, get
          schedule --oops | unknown argument --oops        | next, set, show, remove
          """)
  void lists_the_commands_that_there_are(String line, String what, String commands) {
    Cli cli = Cli.run(line.split(" ", -1));

    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.firstError()).isEqualTo("sevenfold: " + what);
    assertThat(cli.err().replace("drill, ", "")).contains("There are: ").contains(commands);
  }

  @Test
  void shows_help_and_the_version_on_request() {
    assertThat(Cli.done("--help").out()).contains("tenant").contains("archive");
    assertThat(Cli.done("tenant", "restore", "--help").out()).contains("--into-tenant");
    assertThat(Cli.done("--version").out()).startsWith("sevenfold ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "a_b", "../x", "123e4567-e89b-12d3-a456-426614174000", "Müller"})
  void takes_any_tenant_id_as_text(String tenant) {
    Shop shop = Shop.create(folder, 1);

    Cli list = shop.cli("tenant", "list", "--tenant", tenant, "--json");

    assertThat(list.code()).isEqualTo(3);
    assertThat(list.firstError()).startsWith("sevenfold: There is no tenant ");
    assertThat(list.out()).isEmpty();
  }

  @Test
  void refuses_a_tenant_id_that_fits_no_label() {
    Shop shop = Shop.create(folder, 1);

    assertThat(shop.cli("tenant", "backup", "--tenant", "x".repeat(250)).code()).isEqualTo(2);
    assertThat(shop.cli("tenant", "backup", "--tenant", "").code()).isEqualTo(2);
  }
}
