package dev.sevenfold.backup.age;

import static dev.sevenfold.backup.age.Keys.LABEL;
import static dev.sevenfold.backup.age.Keys.bytes;
import static dev.sevenfold.backup.age.Keys.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.testsupport.Programs;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways with the age command itself, which is what a person has on the worst day. */
class AgeToolTest {

  @TempDir Path folder;
  private Path identity;

  @BeforeAll
  static void age_is_there() {
    Programs.require("age", "age");
    Programs.require("script", "bsdutils");
  }

  @BeforeEach
  void write_identity() throws IOException {
    identity = Files.writeString(folder.resolve("backup.key"), new String(Keys.secret()) + "\n");
  }

  private Path file() {
    return StoreFiles.file(folder.resolve("store"), LABEL, ".age");
  }

  private DirectoryArchiveStore directory() {
    return DirectoryArchiveStore.at(folder.resolve("store"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 3_000_000})
  void age_decrypts_what_the_store_keeps(int size) throws Exception {
    Keys.store(directory()).publish(LABEL, out -> out.write(bytes(size)));

    // Not with -o, which makes no file when there is nothing to write.
    Process age =
        new ProcessBuilder("age", "-d", "-i", identity.toString(), file().toString())
            .redirectOutput(plain().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    assertThat(age.waitFor()).isZero();
    assertThat(plain()).hasBinaryContent(bytes(size));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 3_000_000})
  void the_store_decrypts_what_age_made(int size) throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(plain(), bytes(size));

    run(
        "",
        "age",
        "-r",
        Keys.OTHER_PUBLIC,
        "-r",
        Keys.PUBLIC,
        "-o",
        file().toString(),
        plain().toString());

    AgeArchiveStore store = AgeArchiveStore.builder(directory()).identityFile(identity).build();
    assertThat(store.stat(LABEL).sizeBytes()).isEqualTo(size);
    assertThat(read(store, LABEL)).isEqualTo(bytes(size));
  }

  @Test
  void age_decrypts_with_the_passphrase() throws Exception {
    AgeArchiveStore.builder(directory())
        .passphrase("correct horse".toCharArray())
        .build()
        .publish(LABEL, out -> out.write(bytes(100_000)));

    onTerminal("correct horse\n", "age -d -o " + plain() + " " + file());

    assertThat(plain()).hasBinaryContent(bytes(100_000));
  }

  @Test
  void the_store_decrypts_what_age_made_with_a_passphrase() throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(plain(), bytes(100_000));

    onTerminal("correct horse\ncorrect horse\n", "age -p -o " + file() + " " + plain());

    AgeArchiveStore store =
        AgeArchiveStore.builder(directory()).passphrase("correct horse".toCharArray()).build();
    assertThat(read(store, LABEL)).isEqualTo(bytes(100_000));
  }

  private Path plain() {
    return folder.resolve("plain");
  }

  /** age reads passphrases from a terminal alone. */
  private static void onTerminal(String input, String command) throws Exception {
    run(input, "script", "-qec", command, "/dev/null");
  }

  private static void run(String input, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
      in.flush();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s: %s", List.of(command), output).isZero();
    }
  }
}
