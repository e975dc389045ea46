package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is unpacked holds people's data: it does not stay behind, whoever is killed. */
class ScratchTest {

  @TempDir Path parent;

  /** Another process at work, until it is killed. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws IOException {
      Path folder = Scratch.in(Path.of(args[0])).newFolder("work");
      Files.writeString(folder.resolve("data"), "secret");
      System.out.println(folder.getParent());
      System.in.read();
    }
  }

  @Test
  void the_folder_of_a_process_at_work_stays_and_that_of_a_killed_one_is_removed()
      throws Exception {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = worker.inputReader()) {
      Path theirs = Path.of(out.readLine());

      Scratch.in(parent).close();
      assertThat(theirs.resolve("work/data")).hasContent("secret");

      worker.destroyForcibly().waitFor();
      Scratch.in(parent).close();
      assertThat(parent).isEmptyDirectory();
    } finally {
      worker.destroyForcibly();
    }
  }

  @Test
  void folders_of_this_process_do_not_get_into_each_others_way() throws IOException {
    try (Scratch one = Scratch.in(parent)) {
      Path work = one.newFolder("work");
      Scratch.in(parent).close();
      Scratch.in(parent).close();

      assertThat(work).isDirectory();
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void what_others_keep_beside_it_stays() throws IOException {
    Path file = Files.writeString(parent.resolve("sevenfold-1-file"), "a file");
    Path folder = Files.createDirectory(parent.resolve("sevenfold-1-folder"));
    Path unlocked = Files.createDirectory(parent.resolve("other-1-folder"));
    Files.createFile(unlocked.resolve("lock"));

    Scratch.in(parent).close();

    assertThat(file).exists();
    assertThat(folder).exists();
    assertThat(unlocked).exists();
  }
}
