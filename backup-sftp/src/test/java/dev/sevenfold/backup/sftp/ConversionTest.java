package dev.sevenfold.backup.sftp;

import static dev.sevenfold.backup.sftp.Samples.bytes;
import static dev.sevenfold.backup.sftp.Samples.files;
import static dev.sevenfold.backup.sftp.Samples.label;
import static dev.sevenfold.backup.sftp.Samples.labels;
import static dev.sevenfold.backup.sftp.Samples.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flat folders on a server become those of this version, while others use them. */
class ConversionTest {

  private static final int KEPT = 40;
  private static final String MOST_SECONDS = "120";

  @TempDir Path temp;

  /** As a version before has left it: archives right in the folder, every other one pinned. */
  private static Path flat(Path folder, int archives) throws IOException {
    Files.createDirectories(folder);
    for (int n = 0; n < archives; n++) {
      Files.write(folder.resolve(label(n) + ".archive"), bytes(n, 1_000 + n));
      if (n % 2 == 0) {
        Files.writeString(folder.resolve(label(n) + ".marks.json"), "{\"pinned\":true}");
      }
    }
    return folder;
  }

  private static void assertAllThere(ArchiveStore store, int archives) throws IOException {
    List<StoredArchive> listed = store.list(ArchiveOwner.of(label(0))).complete();
    assertThat(listed).hasSize(archives);
    assertThat(labels(store)).containsAll(listed.stream().map(StoredArchive::label).toList());
    for (int n = 0; n < archives; n++) {
      assertThat(listed.get(n).label()).isEqualTo(label(n));
      assertThat(listed.get(n).record().pinned()).as("pin of %d", n).isEqualTo(n % 2 == 0);
      assertThat(read(store, label(n))).isEqualTo(bytes(n, 1_000 + n));
    }
  }

  @Test
  void on_openssh_while_processes_publish_mark_list_and_delete() throws Exception {
    Path folder = flat(temp.resolve("backups"), KEPT);
    try (OpenSsh server = OpenSsh.start(temp.resolve("server"));
        SftpArchiveStore store = server.store(folder).build()) {
      String[] access = {
        Integer.toString(server.port()),
        server.file("id_ed25519").toString(),
        server.knownHosts().toString()
      };
      convertWhileOthersWork(store, folder, "key", access);
    }
  }

  @Test
  void on_a_server_without_any_extension_while_processes_publish_mark_list_and_delete()
      throws Exception {
    Path folder = flat(temp.resolve("backups"), KEPT);
    try (MinaServer server = MinaServer.in(temp).withoutExtensions().start();
        SftpArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      convertWhileOthersWork(store, folder, "password", Integer.toString(server.port()));
    }
  }

  private void convertWhileOthersWork(
      SftpArchiveStore store, Path folder, String way, String... access) throws Exception {
    FolderHammer.publishPinned(store);
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(way, folder.toString(), Integer.toString(100 * i), MOST_SECONDS));
        arguments.addAll(List.of(access));
        processes.add(
            Jvm.of(List.of("-Xmx128m"), FolderHammerMain.class, arguments.toArray(String[]::new))
                .redirectErrorStream(true)
                .start());
      }
      awaitWork(store, 2);
      List<Label> moved = store.convert();
      awaitWork(store, owns(store) + 2);

      // Not all: whoever records an archive meanwhile moves it. Where they are is looked at below.
      assertThat(moved).isNotEmpty();
      for (Process process : processes) {
        process.getOutputStream().close();
      }
      for (Process process : processes) {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    assertAllThere(store, KEPT);
    assertThat(store.list(ArchiveOwner.anyone()).unreadable()).isEmpty();
    for (Label each : labels(store)) {
      if (!ArchiveOwner.of(label(0)).owns(each)) {
        FolderHammer.assertWhole(store, each);
      }
    }
    assertThat(Samples.filesOf(folder)).containsExactly(".sevenfold-store.json");
    assertThat(store.convert()).isEmpty();
  }

  /** Until the processes have got so many archives of their own: they are in full swing then. */
  private static void awaitWork(ArchiveStore store, long archives) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (owns(store) < archives) {
      assertThat(System.nanoTime()).as("the processes do their work in time").isLessThan(end);
    }
  }

  private static long owns(ArchiveStore store) {
    return labels(store).stream().filter(each -> each.value().startsWith("tenant_own")).count();
  }

  @Test
  void a_line_that_is_cut_anywhere_loses_nothing() throws Exception {
    try (OpenSsh server = OpenSsh.start(temp.resolve("server"));
        CuttingProxy line = CuttingProxy.to(server.port())) {
      SftpArchiveStoreBuilder cut =
          OpenSsh.storeAt(line.port(), temp.resolve("whole"))
              .hostKey(Files.readString(server.file("host_ed25519.pub")))
              .privateKey(server.file("id_ed25519"))
              .attempts(1, Duration.ofSeconds(1));
      flat(temp.resolve("whole"), 2);
      long before = line.sent();
      try (SftpArchiveStore store = cut.build()) {
        store.convert();
      }
      long length = line.sent() - before;
      int failed = 0;
      for (long point = length / 4; point < length; point += length / 25) {
        Path folder = flat(temp.resolve("cut-at-" + point), 2);
        try (SftpArchiveStore store =
            OpenSsh.storeAt(line.port(), folder)
                .hostKey(Files.readString(server.file("host_ed25519.pub")))
                .privateKey(server.file("id_ed25519"))
                .attempts(1, Duration.ofSeconds(1))
                .build()) {
          line.cutAfterSent(line.sent() + point);
          try {
            store.convert();
          } catch (StoreUnavailable e) {
            failed++;
          }
          assertAllThere(store, 2);
          store.convert();
          assertAllThere(store, 2);
        }
        assertThat(files(folder))
            .as("cut at %d; what begins with a dot is swept away later", point)
            .filteredOn(name -> !name.startsWith("."))
            .hasSize(3);
        assertThat(StoreFiles.file(folder, label(1), ".archive")).exists();
      }
      assertThat(failed).as("conversions that were cut").isGreaterThan(10);
    }
  }

  @Test
  void a_link_in_the_place_of_an_owners_folder_is_not_followed() throws Exception {
    Path folder = temp.resolve("backups");
    try (OpenSsh server = OpenSsh.start(temp.resolve("server"));
        ArchiveStore store = server.store(folder).build()) {
      store.publish(label(0), out -> out.write(bytes(0, 1_000)));
      Files.move(folder.resolve("tenant_1"), temp.resolve("elsewhere"));
      Files.createSymbolicLink(folder.resolve("tenant_1"), temp.resolve("elsewhere"));

      assertThat(labels(store)).isEmpty();
      for (Runnable call :
          List.<Runnable>of(
              () -> store.list(ArchiveOwner.of(label(0))),
              () -> store.open(label(0)),
              () -> store.publish(label(1), out -> out.write(1)),
              () -> store.delete(label(0)))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreUnavailable.class)
            .hasMessageContaining("tenant_1 is not a folder");
      }
    }
  }

  @Test
  void many_owners_are_listed_whole() throws Exception {
    Path folder = temp.resolve("backups");
    int owners = 100; // more than are opened at a time
    try (OpenSsh server = OpenSsh.start(temp.resolve("server"));
        ArchiveStore store = server.store(folder).build()) {
      store.publish(label(0), out -> out.write(1));
      for (int n = 0; n < owners; n++) {
        Path own = Files.createDirectory(folder.resolve("tenant_t" + n));
        for (int day = 1; day <= (n == 50 ? 28 * 5 : 2); day++) {
          String label =
              "tenant_t%d_2026-%02d-%02d".formatted(n, 1 + (day - 1) / 28, 1 + (day - 1) % 28);
          Files.writeString(own.resolve(label + ".archive"), label);
        }
      }

      assertThat(labels(store)).hasSize(1 + 2 * (owners - 1) + 28 * 5).doesNotHaveDuplicates();
    }
  }
}
