package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that publish the same labels into one folder, and are killed on the way. */
class DirectoryProcessesTest {

  private static final int PROCESSES = 4;
  private static final int LABELS_BEFORE_KILL = 15;

  @TempDir Path temp;

  private static Process start(Path folder, int seed) throws IOException {
    return Jvm.of(
            List.of("-Xmx64m"), PublisherMain.class, folder.toString(), Integer.toString(seed))
        .start();
  }

  /** Waits until a process has published so many archives that it is in full swing. */
  private static List<String> firstLines(Process process, int count) throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (lines.size() == count) {
        break;
      }
    }
    return lines;
  }

  private static List<String> remainingLines(Process process) throws IOException {
    return firstLines(process, Integer.MAX_VALUE);
  }

  @Test
  void leave_whole_archives_only_and_each_label_to_one_of_them() throws Exception {
    Path folder = temp.resolve("backups");
    Random random = new Random(7);
    List<String> published = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      List<Process> processes = new ArrayList<>();
      try {
        for (int i = 0; i < PROCESSES; i++) {
          processes.add(start(folder, round * PROCESSES + i));
        }
        for (Process process : processes) {
          published.addAll(firstLines(process, 1 + random.nextInt(LABELS_BEFORE_KILL)));
          // Not Process.destroyForcibly(), which closes what is still to be read.
          process.toHandle().destroyForcibly();
          published.addAll(remainingLines(process));
        }
      } finally {
        for (Process process : processes) {
          process.destroyForcibly();
          assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
      }
    }

    assertThat(published).as("labels that a process was told are its own").hasSizeGreaterThan(10);
    assertThat(published).as("no label was given twice").doesNotHaveDuplicates();
    ArchiveStore store = DirectoryArchiveStore.at(folder);
    List<Label> labels = labels(store);
    assertThat(labels).as("what was published is there").containsAll(labelsOf(published));
    for (Label label : labels) {
      assertWhole(store, label);
    }
    assertNothingElseIsLeftAfterADay(folder);
  }

  private static List<Label> labels(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  private static Set<Label> labelsOf(List<String> published) {
    return published.stream().map(Label::parse).collect(Collectors.toSet());
  }

  /** The archive says itself what its bytes must be. */
  private static void assertWhole(ArchiveStore store, Label label) throws IOException {
    try (InputStream in = store.open(label)) {
      byte[] bytes = in.readAllBytes();
      int seed = ByteBuffer.wrap(bytes).getInt();
      assertThat(bytes).as("bytes of %s", label).isEqualTo(PublisherMain.bytes(seed));
    }
  }

  private static void assertNothingElseIsLeftAfterADay(Path folder) throws IOException {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
    ArchiveStore store = DirectoryArchiveStore.at(folder, later);
    store.publish(Label.parse("system_20261122010100"), out -> out.write(1));
    assertThat(StoreFiles.names(folder)).hasSameSizeAs(labels(store));
  }
}
