package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFolderTest {

  @TempDir Path root;

  @Test
  void a_link_that_leads_nowhere_has_the_name() throws IOException {
    Path upload = Files.writeString(root.resolve(".upload-1"), "new");
    Path name = Files.createSymbolicLink(root.resolve("name"), root.resolve("nowhere"));

    assertThatThrownBy(() -> new DurableFolder(root).nameExclusively(upload, name))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(Files.isSymbolicLink(name)).isTrue();
    assertThat(root.resolve("nowhere")).doesNotExist();
  }

  @Test
  void a_link_whose_answer_got_lost_has_succeeded() throws IOException {
    Path upload = Files.writeString(root.resolve(".upload-1"), "new");
    Path name = Files.createLink(root.resolve("name"), upload);

    new DurableFolder(root).nameExclusively(upload, name);

    assertThat(name).hasContent("new");
  }
}
