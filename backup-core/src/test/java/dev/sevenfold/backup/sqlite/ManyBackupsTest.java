package dev.sevenfold.backup.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Jvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service remembers does not grow with the number of backups that it has made. */
class ManyBackupsTest {

  private static final int BACKUPS = 400;

  /** Nothing is held softly, and all that nobody holds is collected when that is asked for. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx40m",
          "-XX:+UseSerialGC",
          "-XX:SoftRefLRUPolicyMSPerMB=0",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  /** The store in memory remembers the digest of a deleted archive; a head has 12,000 bytes. */
  private static final int MOST_BYTES = 1_000;

  @TempDir Path folder;

  @Test
  void of_four_hundred_backups_nothing_but_their_digests_is_remembered() throws Exception {
    Process process =
        Jvm.of(OPTIONS, ManyBackups.class, folder.toString(), Integer.toString(BACKUPS)).start();

    List<String> out = process.inputReader(UTF_8).lines().toList();

    assertThat(process.waitFor()).as("%s", out).isZero();
    assertThat(out).hasSize(2).startsWith("7");
    assertThat(Integer.parseInt(out.get(1))).as("bytes a backup").isLessThan(MOST_BYTES);
  }
}
