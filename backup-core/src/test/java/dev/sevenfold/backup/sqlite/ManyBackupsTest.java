package dev.sevenfold.backup.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Jvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service remembers does not grow with the number of backups that it has made. */
class ManyBackupsTest {

  private static final String BACKUPS = "5000";

  /** All heads of so many archives would be 60 MB. */
  private static final String HEAP = "-Xmx40m";

  @TempDir Path folder;

  @Test
  void five_thousand_backups_fit_into_a_small_heap() throws Exception {
    ProcessBuilder jvm = Jvm.of(ManyBackups.class, folder.toString(), BACKUPS);
    jvm.command().add(1, HEAP);
    jvm.command().add(1, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    Process process = jvm.start();

    String out = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).isEqualTo("7\n");
  }
}
