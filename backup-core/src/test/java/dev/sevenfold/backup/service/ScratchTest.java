package dev.sevenfold.backup.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed processes leave is removed by the next one, and never a living one's folder. */
class ScratchTest {

  @TempDir Path parent;

  /** Makes a scratch folder with something in it, says where, and waits to be killed. */
  static final class Holder {
    private Holder() {}

    /** Started by the test in a process of its own. */
    public static void main(String[] args) throws IOException {
      try (Scratch scratch = Scratch.in(Path.of(args[0]))) {
        Path folder = scratch.newFolder("rows");
        Files.writeString(folder.resolve("tenant.sqlite3"), "secret");
        System.out.println(folder.getParent());
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  @Test
  void is_removed_with_everything_in_it() throws IOException {
    try (Scratch scratch = Scratch.in(parent)) {
      Files.writeString(scratch.newFolder("a").resolve("b"), "c");
      assertThat(entries()).hasSize(2);
    }
    assertThat(entries()).isEmpty();
  }

  @Test
  void leaves_living_ones_and_removes_dead_ones() throws Exception {
    Process holder = start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      Path theirs = Path.of(said.readLine());
      try (Scratch own = Scratch.in(parent);
          Scratch second = Scratch.in(parent)) {
        assertThat(theirs.resolve("rows/tenant.sqlite3")).hasContent("secret");
        assertThat(entries()).hasSize(6);
      }

      holder.destroyForcibly().waitFor();
      assertThat(theirs).isDirectory();
      Scratch.in(parent).close();

      assertThat(entries()).isEmpty();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void leaves_alone_what_it_did_not_make() throws IOException {
    Files.createDirectory(parent.resolve("sevenfold-1"));
    Files.writeString(parent.resolve("other.lock"), "");
    Files.createDirectory(parent.resolve("sevenfold-folder.lock"));

    Scratch.in(parent).close();

    assertThat(entries()).hasSize(3);
  }

  private Process start() throws IOException {
    return Jvm.of(Holder.class, parent.toString()).start();
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.toList();
    }
  }
}
