package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that hammers a folder with several threads until its input ends, or its time. It ends
 * with 0 if all went well.
 */
final class FolderHammerMain {

  private static final int THREADS = 4;

  private static volatile boolean told;

  private FolderHammerMain() {}

  /** Way to the folder, folder, seed, seconds; then port, private key and known hosts. */
  public static void main(String[] args) throws Exception {
    stopAtEndOfInput();
    Path folder = Path.of(args[1]);
    int seed = Integer.parseInt(args[2]);
    List<ArchiveStore> stores = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      // Two threads share a store, as in a host, and two stores the folder.
      for (int i = 0; i < THREADS / 2; i++) {
        stores.add(open(args, folder));
      }
      // From here on the time counts: the first call is the one that takes long.
      stores.forEach(store -> store.list(FolderHammer.PINNED).complete());
      long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[3])).toNanos();
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        FolderHammer hammer = new FolderHammer(stores.get(i % stores.size()), seed + i);
        calls.add(threads.submit(() -> hammer.workWhile(() -> !told && System.nanoTime() < end)));
      }
      int done = 0;
      for (Future<Integer> call : calls) {
        done += call.get();
      }
      System.out.println(args[0] + ": " + done + " calls");
    } finally {
      threads.shutdownNow();
      stores.forEach(ArchiveStore::close);
    }
  }

  private static void stopAtEndOfInput() {
    Thread waiting =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                told = true;
              }
            });
    waiting.setDaemon(true);
    waiting.start();
  }

  private static ArchiveStore open(String[] args, Path folder) {
    return switch (args[0]) {
      case "directory" -> DirectoryArchiveStore.at(folder);
      case "password" ->
          SftpArchiveStore.builder("127.0.0.1", MinaServer.USER, folder.toString())
              .port(Integer.parseInt(args[4]))
              .acceptAnyHostKeyDangerously()
              .password(MinaServer.PASSWORD::toCharArray)
              .build();
      case "key" ->
          OpenSsh.storeAt(Integer.parseInt(args[4]), folder)
              .privateKey(Path.of(args[5]))
              .knownHosts(Path.of(args[6]))
              .build();
      default -> throw new IllegalArgumentException(args[0]);
    };
  }
}
