package dev.sevenfold.examples.jobs;

import static org.awaitility.Awaitility.await;

import dev.sevenfold.examples.jobs.plain.PlainExecutorHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlainExecutorHostTest extends FrameworkHostContract {

  @Override
  FrameworkHost host() {
    return new PlainExecutorHost(application);
  }

  @Test
  void starts_without_its_store_and_makes_the_backups_when_that_is_back() throws Exception {
    Path store = Files.writeString(folder.resolve("backups"), "in the place of the folder");
    try (FrameworkHost host = host()) {
      host.start();
      await().until(() -> log.stream().anyMatch(line -> line.contains("Failed")));
      Files.delete(store);

      awaitBackups(ONE, 1);
      awaitBackups(TWO, 1);
    }
  }
}
