package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.backup.error.ArchiveCorrupt;
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
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
  void what_is_about_to_take_its_place_is_known_by_its_name_where_a_link_leads_too()
      throws IOException {
    assertThat(file.isOwnName("app.signing-keys")).isTrue();
    assertThat(file.isOwnName("app.signing-keys.new-1234")).isTrue();
    assertThat(file.isOwnName("app.signing-keys.old")).isFalse();
    assertThat(file.isOwnName("my-app.signing-keys")).isFalse();
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    assertThat(SigningKeyFile.at(link).real().path()).isEqualTo(link);

    file.createIfMissing();

    assertThat(file.real().path()).isEqualTo(path);
    assertThat(SigningKeyFile.at(link).real().path()).isEqualTo(path.toRealPath());
  }

  @Test
  void a_path_without_a_name_is_none_of_a_file() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SigningKeyFile.at(folder.getRoot()))
        .withMessageContaining("no name");
  }

  @Test
  void advice_is_for_what_is_wrong_with_the_place() throws IOException {
    Path missing = folder.resolve("missing/keys");
    assertAdvice(SigningKeyFile.at(missing)::createIfMissing, "no folder " + missing.getParent())
        .contains("Make the folder");
    Path inFile = Files.writeString(folder.resolve("database"), "").resolve("keys");
    assertAdvice(SigningKeyFile.at(inFile)::rotate, "no folder " + inFile.getParent())
        .contains("name another file");
    SigningKeyFile at = SigningKeyFile.at(Files.createDirectory(folder.resolve("folder")));
    assertAdvice(at::read, "cannot be read: it is a folder").contains("Move the folder away");
    assertAdvice(at::rotate, "cannot be read: it is a folder").contains("Move the folder away");
    SigningKeyFile dangling =
        SigningKeyFile.at(Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone")));
    dangling.createIfMissing();
    assertAdvice(dangling::read, "a link to what is not there").contains("remove the link");
    assertAdvice(dangling::rotate, "a link to what is not there").contains("remove the link");
    assertThat(folder.resolve("gone")).doesNotExist();
  }

  @Test
  void who_may_not_read_it_is_told_to_be_given_it() throws IOException {
    forbid(path);

    for (ThrowingCallable use : List.<ThrowingCallable>of(file::read, file::rotate)) {
      assertAdvice(use, "cannot be read: that is not permitted")
          .endsWith("chown %s %s".formatted(System.getProperty("user.name"), path));
    }
  }

  private static AbstractStringAssert<?> assertAdvice(ThrowingCallable use, String what) {
    OperationFailed failure = catchThrowableOfType(OperationFailed.class, use);
    assertThat(failure.what()).contains(what);
    return assertThat(failure.advice());
  }

  /** Makes a file that this process may not read, not even as root. */
  private static void forbid(Path path) throws IOException {
    Files.writeString(path, "key");
    Files.setPosixFilePermissions(path, Set.of());
    if (Files.isReadable(path)) {
      Files.delete(path);
      Files.createSymbolicLink(path, Path.of("/proc/sys/vm/compact_memory"));
    }
    assumeFalse(Files.isReadable(path), "Everything can be read here");
    assumeTrue(Files.exists(path), "Everything can be read here");
  }

  @Test
  void another_secret_under_an_id_makes_damage_of_what_it_signed_and_is_told_of()
      throws IOException {
    file.createIfMissing();
    byte[] signature = file.read().sign(MANIFEST);
    String id = Files.readString(path).split(" ", -1)[0];
    Files.writeString(path, id + " " + "ab".repeat(32));

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> file.read().recognise(signature, MANIFEST))
        .satisfies(
            e ->
                assertThat(e.advice())
                    .contains("Nothing of it can be trusted", "bring the former one back"));
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
