package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that publish, mark, list and delete the same few labels in one folder get no other
 * answer than the contract allows, and lose no archive and no pin. What it does depends on who wins
 * each race, so that it is run by hand and not with the suite: {@code mvn test -pl backup-sftp -am
 * -Dtest=SharedFolderHammer -Dhammer.seconds=60 -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SharedFolderHammer {

  private static final int PROCESSES = 2;
  private static final String SECONDS = System.getProperty("hammer.seconds", "3");

  @TempDir Path temp;

  private static Process start(List<String> arguments) throws IOException {
    return Jvm.of(List.of("-Xmx128m"), FolderHammerMain.class, arguments.toArray(String[]::new))
        .redirectErrorStream(true)
        .start();
  }

  private void hammer(ArchiveStore store, Path folder, String way, String... access)
      throws Exception {
    FolderHammer.publishPinned(store);
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(way, folder.toString(), Integer.toString(100 * i), SECONDS));
        arguments.addAll(List.of(access));
        processes.add(start(arguments));
      }
      for (Process process : processes) {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).containsPattern(way + ": [1-9][0-9]* calls");
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    assertThat(store.list(FolderHammer.PINNED).complete())
        .hasSize(FolderHammer.PINNED_ARCHIVES)
        .allMatch(archive -> archive.record().pinned(), "is pinned");
    for (StoredArchive archive : store.list(ArchiveOwner.anyone()).complete()) {
      FolderHammer.assertWhole(store, archive.label());
    }
    assertThat(StoreFiles.names(folder))
        .as("nothing unfinished is left")
        .noneMatch(name -> name.startsWith("."));
  }

  @Test
  void as_files_of_this_machine() throws Exception {
    Path folder = temp.resolve("backups");

    hammer(DirectoryArchiveStore.at(folder), folder, "directory");
  }

  @Test
  void on_a_server_without_any_extension() throws Exception {
    Path folder = temp.resolve("backups");
    try (MinaServer server = MinaServer.in(temp).withoutExtensions().start();
        ArchiveStore store =
            server.store(folder).password(MinaServer.PASSWORD::toCharArray).build()) {
      hammer(store, folder, "password", Integer.toString(server.port()));
    }
  }

  @Test
  void on_openssh() throws Exception {
    Path folder = temp.resolve("backups");
    try (OpenSsh server = OpenSsh.start(temp.resolve("server"));
        ArchiveStore store = server.store(folder).build()) {
      hammer(
          store,
          folder,
          "key",
          Integer.toString(server.port()),
          server.file("id_ed25519").toString(),
          server.knownHosts().toString());
    }
  }
}
