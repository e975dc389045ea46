package dev.sevenfold.backup.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link that has come to be on the way since the plan was made leads no step elsewhere. */
class FileStepsTest {

  @TempDir Path given;
  private Path folder;
  private Path inside;
  private Path outside;

  @BeforeEach
  void create() throws IOException {
    folder = given.toRealPath();
    inside = Files.createDirectories(folder.resolve("root/inside"));
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "of somebody else");
    Files.writeString(outside.resolve("fresh"), "restored");
    Files.delete(inside);
    Files.createSymbolicLink(inside, outside);
  }

  private void take(@Nullable Path fresh, Path target) throws IOException {
    FileSteps.take(new DurableFiles(), List.of(new RestoreJournal.Step(fresh, target)));
  }

  @Test
  void nothing_is_removed_through_a_link() throws IOException {
    assertThatIOException()
        .isThrownBy(() -> take(null, inside.resolve("file")))
        .withMessageContaining("could not be removed: a link has come to be on the way");
    assertThat(outside.resolve("file")).hasContent("of somebody else");
  }

  @Test
  void nothing_is_replaced_through_a_link() throws IOException {
    assertThatIOException()
        .isThrownBy(() -> take(inside.resolve("fresh"), inside.resolve("file")))
        .withMessageContaining("could not be put in place: a link has come to be on the way");
    assertThat(outside.resolve("file")).hasContent("of somebody else");
  }

  @Test
  void what_is_reached_without_one_is_replaced_and_removed() throws IOException {
    take(outside.resolve("fresh"), outside.resolve("file"));
    assertThat(outside.resolve("file")).hasContent("restored");
    take(null, outside.resolve("file"));
    assertThat(outside.resolve("file")).doesNotExist();
  }

  @Test
  void a_path_is_real_once_its_links_are_followed_whether_its_folders_are_there_or_not()
      throws IOException {
    assertThat(DurableFiles.real(inside.resolve("a/b/c"))).isEqualTo(outside.resolve("a/b/c"));
  }
}
