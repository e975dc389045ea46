package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SevenfoldJarIT {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 3);
  }

  @Test
  void backs_up_and_restores_without_noise() throws Exception {
    Cli backup = run("tenant", "backup", "--tenant", "1");
    Map<String, List<String>> before = shop.dump();
    shop.vandalise(1);
    Cli restore = run("tenant", "restore", "--tenant", "1", "--label", backup.lastLine());

    assertThat(backup.code()).isZero();
    assertThat(backup.err()).isEmpty();
    assertThat(restore.code()).isZero();
    assertThat(restore.err()).isEmpty();
    assertThat(restore.lastLine()).isEqualTo("restored");
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void ends_with_the_exit_codes_of_the_contract() throws Exception {
    assertThat(run("tenant", "backup", "--tenant", "99").code()).isEqualTo(3);
    assertThat(run("tenant", "backup").code()).isEqualTo(2);
    assertThat(JarProcess.start(folder, "--version").await().out())
        .matches("sevenfold \\d+\\.\\d+.*\n");
    Files.writeString(shop.store(), "a file in the place of the folder");
    assertThat(run("tenant", "backup", "--tenant", "1").code()).isEqualTo(1);
  }

  @Test
  void notices_that_its_output_is_lost() throws Exception {
    if (!Files.exists(Path.of("/dev/full"))) {
      return;
    }
    Path script = folder.resolve("full.sh");
    Files.writeString(
        script,
        "exec "
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + " -jar "
            + Path.of("target", "sevenfold.jar").toAbsolutePath()
            + " --help >/dev/full 2>&1");

    Process process = new ProcessBuilder("sh", script.toString()).start();

    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void two_backups_of_one_tenant_at_once_wait_for_each_other() throws Exception {
    JarProcess one = start("tenant", "backup", "--tenant", "2");
    JarProcess two = start("tenant", "backup", "--tenant", "2");

    Cli first = one.await();
    Cli second = two.await();

    assertThat(first.code()).as("%s", first).isZero();
    assertThat(second.code()).as("%s", second).isZero();
    assertThat(first.lastLine()).isNotEqualTo(second.lastLine());
    assertThat(JsonText.list(shop.cli("tenant", "list", "--tenant", "2", "--json").out()))
        .hasSize(2);
  }

  @Test
  void two_restores_of_one_tenant_at_once_leave_one_of_the_two_states() throws Exception {
    Map<String, List<String>> then = shop.dump();
    String label = shop.backup(2);
    shop.vandalise(2);

    JarProcess one = start("tenant", "restore", "--tenant", "2", "--label", label);
    JarProcess two = start("tenant", "restore", "--tenant", "2", "--label", label);

    assertThat(one.await().code()).isZero();
    assertThat(two.await().code()).isZero();
    assertThat(shop.dump()).isEqualTo(then);
  }

  @Test
  void is_stopped_by_ctrl_c_at_any_time_and_leaves_old_or_new() throws Exception {
    Map<String, List<String>> restored = shop.dump();
    String label = shop.backup(2);
    shop.vandalise(2);
    // A file that is missing before and there afterwards is the only thing that may differ.
    Files.writeString(shop.file("k002file2002"), "content k002file2002");
    Map<String, List<String>> spoilt = shop.dump();

    for (long millis : new long[] {200, 600, 900, 1200, 1500, 1800}) {
      JarProcess restore = start("tenant", "restore", "--tenant", "2", "--label", label);
      restore.process().waitFor(millis, TimeUnit.MILLISECONDS);
      restore.interrupt();
      Cli stopped = restore.await();

      assertThat(stopped.code()).as("%s", stopped).isIn(0, 1, 130);
      // What was left behind is completed or reverted by the next command.
      shop.cli("tenant", "explain");
      assertThat(shop.dump()).isIn(restored, spoilt);
      assertThat(shop.scratch()).isEmptyDirectory();
    }
    assertThat(run("tenant", "restore", "--tenant", "2", "--label", label).code()).isZero();
    assertThat(shop.dump()).isEqualTo(restored);
  }

  @Test
  void serves_until_a_signal_and_ends_with_0() throws Exception {
    shop.cli("schedule", "set", "--tenant", "1", "--cron", "* * * * *");
    JarProcess serve = JarProcess.start(folder, "serve", "--config", shop.config().toString());
    for (int i = 0;
        i < 1_800 && !JarProcess.text(serve.out()).contains("finished tenant_1_");
        i++) {
      assertThat(serve.process().waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(JarProcess.text(serve.out())).contains("finished tenant_1_");

    new ProcessBuilder("kill", "-TERM", Long.toString(serve.process().pid())).start().waitFor();
    Cli stopped = serve.await();

    assertThat(stopped.code()).as("%s", stopped).isZero();
    assertThat(stopped.lastLine()).isEqualTo("stopped");
    assertThat(stopped.err()).isEmpty();
    assertThat(JsonText.list(shop.cli("tenant", "list", "--tenant", "1", "--json").out()))
        .isNotEmpty();
  }

  @Test
  void says_in_one_sentence_that_there_is_no_temporary_folder() throws Exception {
    Files.writeString(folder.resolve("file"), "in the place of a folder");
    Files.writeString(
        shop.config(), Shop.yaml().replace("scratch: scratch", "scratch: " + folder + "/file"));

    Cli cli = run("tenant", "explain");

    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.firstError())
        .startsWith("sevenfold: SQLite's native library cannot be put into the folder ");
    assertThat(cli.err().lines()).hasSize(2);
  }

  @Test
  void keeps_the_native_library_in_the_scratch_folder_under_its_version() throws Exception {
    Path old = Files.createDirectories(shop.scratch()).resolve("sqlite-3.54.1-old.so");
    Files.writeString(old, "of a process that has ended");

    Cli cli = run("tenant", "explain");

    assertThat(cli.code()).isZero();
    assertThat(cli.err()).isEmpty();
    // The driver clears away what has its version and no lock.
    assertThat(old).doesNotExist();
  }

  private JarProcess start(String group, String command, String... arguments) throws IOException {
    return JarProcess.start(folder, shop.withConfig(group, command, arguments));
  }

  private Cli run(String group, String command, String... arguments) throws Exception {
    return start(group, command, arguments).await();
  }
}
