package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives are verified where a machine is broken: disks that are full, read-only, noexec. */
class VerifyWithoutRoomTest {

  @TempDir Path folder;
  private final List<Path> mounted = new ArrayList<>();
  private Shop shop;
  private String label;

  @BeforeEach
  void back_up() {
    assumeTrue(System.getProperty("user.name").equals("root"), "Only root can mount a disk");
    shop = Shop.create(folder, 2);
    label = shop.backup(2);
  }

  @AfterEach
  void unmount() throws Exception {
    for (Path disk : mounted) {
      run("umount", "-l", disk.toString());
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Path disk(String name, String options) throws Exception {
    Path disk = Files.createDirectory(folder.resolve(name));
    run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString());
    mounted.add(disk);
    return disk;
  }

  private void makeReadOnly(Path place) throws Exception {
    run("mount", "--bind", place.toString(), place.toString());
    mounted.add(place);
    run("mount", "-o", "remount,ro,bind", place.toString());
  }

  /** In place of the folder that the shop's config names. */
  private void configure(String scratch) throws IOException {
    Files.writeString(
        shop.config(), Files.readString(shop.config()).replaceAll("(?m)^scratch: .*$", scratch));
  }

  private void damage(Path archive) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length - 30] ^= 1;
    Files.write(archive, bytes);
  }

  /** A process of its own: what it loads is loaded from its own temporary folder. */
  private Cli process(Path temporary, String... arguments) throws Exception {
    ProcessBuilder builder =
        Jvm.of(List.of("-Djava.io.tmpdir=" + temporary), Sevenfold.class, arguments);
    Path err = folder.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Cli(process.waitFor(), out, Files.readString(err));
  }

  private Cli verify(Path temporary) throws Exception {
    return process(temporary, "archive", "verify", shop.archive(label).toString());
  }

  @Test
  void a_store_that_is_read_only_has_its_archives_proven_and_not_recorded() throws Exception {
    makeReadOnly(shop.store());

    Cli verify = shop.cli("archive", "verify", "--label", label);
    Cli json = shop.cli("archive", "verify", "--label", label, "--json");

    assertThat(verify.code()).as("%s", verify).isZero();
    assertThat(verify.lastLine()).isEqualTo("proven");
    assertThat(verify.err())
        .contains(
            "sevenfold: warning: " + label + ": It is verified, and that could not be recorded")
        .contains("Read-only file system");
    assertThat(JsonText.object(json.out())).containsEntry("proven", true);
  }

  @Test
  void a_store_that_is_read_only_has_its_damage_told() throws Exception {
    damage(shop.archive(label));
    makeReadOnly(shop.store());

    assertThat(shop.cli("archive", "verify", "--label", label).code()).isEqualTo(3);
  }

  @Test
  void without_scratch_space_an_archive_is_read_and_said_to_be_whole() throws Exception {
    Path full = disk("full", "size=64k");
    Path readOnly = disk("read-only", "ro");
    configure("scratch: " + readOnly);

    Cli stored = shop.cli("archive", "verify", "--label", label);

    assertThat(stored.code()).as("%s", stored).isEqualTo(1);
    assertThat(stored.firstError())
        .startsWith("sevenfold: The archive " + label + " could not be verified now")
        .contains("it is whole, every entry as its manifest says")
        .contains("No scratch folder could be made in " + readOnly + ": Read-only file system");
    assertThat(stored.err()).contains("name another scratch folder").contains("-Djava.io.tmpdir");
    for (Path temporary : List.of(full, readOnly)) {
      Cli file = verify(temporary);
      assertThat(file.code()).as("%s", file).isEqualTo(1);
      assertThat(file.out()).isEmpty();
      assertThat(file.firstError())
          .contains(shop.archive(label) + " is whole, every entry as its manifest says")
          .contains("whether it can be restored is not known: ");
      assertThat(file.err()).contains("-Djava.io.tmpdir=DIR");
    }
  }

  @Test
  void without_scratch_space_damage_is_found_all_the_same() throws Exception {
    Path readOnly = disk("read-only", "ro");
    damage(shop.archive(label));
    configure("scratch: " + readOnly);

    assertThat(shop.cli("archive", "verify", "--label", label).code()).isEqualTo(3);
    Cli file = verify(readOnly);
    assertThat(file.code()).as("%s", file).isEqualTo(3);
    assertThat(file.firstError()).startsWith("sevenfold: " + shop.archive(label));
  }

  @Test
  void a_native_library_that_has_no_room_or_may_not_be_loaded_names_the_folder() throws Exception {
    Path full = disk("full", "size=512k");
    Path noexec = disk("noexec", "noexec");
    configure("");
    for (Path temporary : List.of(full, noexec)) {
      Cli list =
          process(
              temporary, "tenant", "backup", "--tenant", "2", "--config", shop.config().toString());
      Cli file = verify(temporary);

      assertThat(list.code()).as("%s", list).isEqualTo(1);
      assertThat(list.firstError())
          .contains("SQLite's native library cannot be put into the folder " + temporary);
      assertThat(list.err()).contains("Write the key scratch into the config");
      assertThat(file.code()).as("%s", file).isEqualTo(1);
      assertThat(file.firstError())
          .contains("is whole")
          .contains("SQLite's native library could not be loaded from the folder " + temporary);
    }
  }
}
