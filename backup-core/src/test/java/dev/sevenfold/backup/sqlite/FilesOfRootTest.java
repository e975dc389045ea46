package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.AttachmentsWorld.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's run as root, beside an application that runs as somebody else. */
class FilesOfRootTest {

  private static final int APP = 54_321;
  private static final int STRANGER = 54_322;

  @TempDir Path folder;
  private AttachmentsWorld world;
  private Path database;

  @BeforeEach
  void create() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"),
        "SKIPPED: only root can make files of others, so whom its files belong to stays open");
    world = AttachmentsWorld.create(folder.resolve("world"));
    database = world.folder().resolve("app.sqlite3");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));
    Files.deleteIfExists(lock());
    giveAway(folder);
  }

  private Path lock() {
    return database.resolveSibling("app.sqlite3-sevenfold.lock");
  }

  private static void giveAway(Path folder) throws IOException {
    for (Path file : below(folder)) {
      Files.setAttribute(file, "unix:uid", APP, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(file, "unix:gid", APP, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }

  private static int number(Path file, String attribute) throws IOException {
    return (int) Files.getAttribute(file, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
  }

  private static String mode(Path file) throws IOException {
    return Integer.toOctalString(number(file, "mode") & 0777);
  }

  private Set<String> ofOthers() throws IOException {
    Set<String> others = new TreeSet<>();
    for (Path file : below(folder)) {
      if (number(file, "uid") != APP || number(file, "gid") != APP) {
        others.add(folder.relativize(file).toString());
      }
    }
    return others;
  }

  @Test
  void all_that_a_backup_leaves_belongs_to_the_application() throws Exception {
    world.service(new DurableFiles()).backup(TENANT);
    world
        .serviceOfSystem(folder.resolve("of/the/system"), new BackupListener() {})
        .backupSystem(BackupOptions.DEFAULT, Progress.none());

    assertThat(lock()).exists();
    assertThat(ofOthers()).isEmpty();
    assertThat(mode(lock())).isEqualTo("660");
  }

  @Test
  void all_that_a_restore_leaves_belongs_to_the_application_and_new_folders_are_like_those_above()
      throws Exception {
    BackupService service = world.service(new DurableFiles());
    Files.setPosixFilePermissions(
        world.file("a").getParent(), PosixFilePermissions.fromString("rwxrwx---"));

    service.restore(TENANT, service.restorePoints(TENANT).get(0).label());

    assertThat(world.file("gone/deep/1")).exists();
    assertThat(ofOthers()).isEmpty();
    assertThat(mode(world.file("gone"))).isEqualTo("770");
    assertThat(mode(world.file("gone/deep"))).isEqualTo("770");
    assertThat(mode(world.file("gone/deep/1"))).isEqualTo("660");
  }

  @Test
  void while_a_restore_is_under_way_its_journal_belongs_to_the_application() throws Exception {
    List<String> journals = new ArrayList<>();
    BackupService service =
        world.service(
            new DurableFiles() {
              @Override
              public void write(Path file, byte[] content) throws IOException {
                super.write(file, content);
                journals.add(number(file, "uid") + " " + mode(file));
              }
            });

    service.restore(TENANT, service.restorePoints(TENANT).get(0).label());

    assertThat(journals).isNotEmpty().containsOnly(APP + " 660");
  }

  @Test
  void a_lock_file_that_an_earlier_run_as_root_has_left_is_given_to_the_application()
      throws Exception {
    Files.createFile(
        lock(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

    world.service(new DurableFiles()).backup(TENANT);

    assertThat(number(lock(), "uid")).isEqualTo(APP);
    assertThat(mode(lock())).isEqualTo("660");
  }

  @Test
  void a_second_name_of_a_file_of_root_in_place_of_the_lock_is_not_given_away() throws Exception {
    Path secret = Files.writeString(folder.resolve("of-root"), "root's");
    Files.createLink(lock(), secret);

    world.service(new DurableFiles()).backup(TENANT);

    assertThat(number(secret, "uid")).isZero();
  }

  @Test
  void the_application_takes_the_lock_after_root_had_it_and_a_stranger_never_does()
      throws Exception {
    String setpriv = Programs.require("setpriv", "util-linux").toString();
    String flock = Programs.require("flock", "util-linux").toString();
    Assumptions.assumeTrue(
        run(setpriv, "--reuid=" + APP, "--clear-groups", "test", "-x", folder.toString()) == 0,
        "SKIPPED: other users cannot reach " + folder);
    world.service(new DurableFiles()).backup(TENANT);

    assertThat(lockAs(setpriv, APP, flock, "-x")).isZero();
    assertThat(lockAs(setpriv, STRANGER, flock, "-x")).isNotZero();
    assertThat(lockAs(setpriv, STRANGER, flock, "-s")).isNotZero();
  }

  @Test
  void the_database_of_links_belongs_to_whom_its_folder_belongs_and_nobody_else_reads_it()
      throws Exception {
    Path links = folder.resolve("links.sqlite3");

    SqliteLinkStore.open(links);

    assertThat(number(links, "uid")).isEqualTo(APP);
    assertThat(mode(links)).isEqualTo("600");
  }

  private int lockAs(String setpriv, int user, String flock, String how) throws Exception {
    return run(
        setpriv,
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups",
        flock,
        how,
        "-n",
        lock().toString(),
        "true");
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
