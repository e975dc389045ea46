package dev.sevenfold.backup.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  private static final int THREADS = 4;
  private static final int FOLDERS = 200;

  @TempDir Path temp;

  @Test
  void folders_may_be_made_by_several_at_once() throws Exception {
    CyclicBarrier together = new CyclicBarrier(THREADS);
    Callable<Boolean> making =
        () -> {
          for (int i = 0; i < FOLDERS; i++) {
            together.await(1, TimeUnit.MINUTES);
            new DurableFiles().createFolders(temp.resolve("a" + i + "/b/c"));
          }
          return true;
        };
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(making));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(temp.resolve("a" + (FOLDERS - 1) + "/b/c")).isDirectory();
  }

  @Test
  void a_file_is_no_folder() throws Exception {
    Files.createFile(temp.resolve("a"));

    assertThatThrownBy(() -> new DurableFiles().createFolders(temp.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }
}
