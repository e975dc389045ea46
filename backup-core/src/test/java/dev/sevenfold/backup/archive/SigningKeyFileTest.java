package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyFileTest {

  private static final byte[] MANIFEST = "manifest".getBytes(UTF_8);

  @TempDir Path folder;
  private Path path;
  private SigningKeyFile file;

  @BeforeEach
  void create() {
    path = folder.resolve("app.signing-keys");
    file = SigningKeyFile.at(path);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  @Test
  void of_many_that_make_it_at_once_one_does_and_nothing_else_is_left() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<byte[]> create =
          () -> {
            SigningKeyFile own = SigningKeyFile.at(path);
            own.createIfMissing();
            return own.read().sign(MANIFEST);
          };
      Set<String> signatures = new HashSet<>();
      for (Future<byte[]> made : threads.invokeAll(List.of(create, create, create, create))) {
        signatures.add(new String(made.get(), UTF_8));
      }
      assertThat(signatures).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(files()).containsExactly(path);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_new_key_signs_and_all_before_it_are_accepted() throws IOException {
    List<byte[]> signatures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = file.rotate();
      byte[] signature = file.read().sign(MANIFEST);
      assertThat(new String(signature, UTF_8)).startsWith("HMAC-SHA256 " + id + " ");
      signatures.add(signature);
    }
    SigningKeys keys = file.read();

    assertThat(signatures).allMatch(signature -> keys.recognise(signature, MANIFEST));
    assertThat(files()).containsExactly(path);
  }

  @Test
  void what_is_left_of_one_that_was_killed_is_named_with_it() throws IOException {
    assertThat(file.all()).containsExactly(path);
    file.createIfMissing();
    Path left = Files.writeString(folder.resolve("app.signing-keys.new-1234"), "key");
    Files.writeString(folder.resolve("app.signing"), "another");

    assertThat(file.all()).containsExactlyInAnyOrder(path, left);
  }

  @Test
  void comments_stay_and_a_link_stays_one() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    file.createIfMissing();
    Files.writeString(path, "# ours\n\n" + Files.readString(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(SigningKeyFile.at(link).isOpenToOthers()).isTrue();

    SigningKeyFile.at(link).rotate();

    assertThat(link).isSymbolicLink();
    assertThat(Files.readAllLines(path)).hasSize(4).contains("# ours");
    assertThat(file.isOpenToOthers()).isFalse();
  }

  @Test
  void what_cannot_be_read_or_written_is_left_as_it_is() throws IOException {
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(file::read)
        .withMessageContaining(path.toString());
    SigningKeyFile nowhere = SigningKeyFile.at(folder.resolve("missing/keys"));
    assertThatExceptionOfType(OperationFailed.class).isThrownBy(nowhere::createIfMissing);
    assertThatExceptionOfType(OperationFailed.class).isThrownBy(nowhere::rotate);

    Files.writeString(path, "nonsense\n");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(file::rotate)
        .withMessageContaining("line 1");
    assertThat(path).hasContent("nonsense\n");
    Files.writeString(path, "x".repeat(70_000));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(file::read)
        .withMessageContaining("more than 65536 bytes");
    assertThat(files()).containsExactly(path);
  }
}
