package dev.sevenfold.backup.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree comes back as it was, entry by entry, or what does not is named. */
class WholeTreeTest {

  private static final int APP = 4_711;

  @TempDir Path folder;
  private SystemWorld world;
  private Path uploads;
  private Random random;

  @BeforeEach
  void create() throws Exception {
    world = SystemWorld.create(folder.resolve("app"), 1);
    uploads = world.uploads();
    random = new Random(23);
  }

  @Test
  void an_empty_target_gets_the_tree_as_it_was() throws Exception {
    plant();
    Map<String, String> before = TreeImage.of(uploads);
    Path archive = SystemWorld.archive(world.source(), folder);

    SystemWorld target = new SystemWorld(folder.resolve("target"));
    SystemWorld.restore(SqliteSystemTarget.builder(target.folder()).build(), archive);

    assertThat(TreeImage.of(target.uploads())).containsExactlyEntriesOf(before);
  }

  @Test
  void a_bruised_tree_in_place_becomes_what_it_was_owner_and_all() throws Exception {
    plant();
    boolean root = own(world.folder());
    Map<String, String> before = TreeImage.of(uploads);
    Path archive = SystemWorld.archive(world.source(), folder);
    bruise();

    SystemWorld.restore(SqliteSystemTarget.builder(world.folder()).build(), archive);

    assertThat(TreeImage.of(uploads)).containsExactlyEntriesOf(before);
    if (root) {
      assertThat(Files.getAttribute(uploads.resolve("empty"), "unix:uid")).isEqualTo(APP);
      assertThat(Files.getAttribute(uploads.resolve("link"), "unix:uid", LinkOption.NOFOLLOW_LINKS))
          .isEqualTo(APP);
    }
  }

  @Test
  void a_parent_that_hands_its_group_and_bit_down_changes_no_mode() throws Exception {
    plant();
    Map<String, String> before = TreeImage.of(uploads);
    Path archive = SystemWorld.archive(world.source(), folder);
    SystemWorld target = new SystemWorld(Files.createDirectory(folder.resolve("target")));
    Files.setAttribute(target.folder(), "unix:mode", 02777);

    SystemWorld.restore(SqliteSystemTarget.builder(target.folder()).build(), archive);

    assertThat(TreeImage.of(target.uploads())).containsExactlyEntriesOf(before);
    assertThat((int) Files.getAttribute(target.folder(), "unix:mode") & 07777).isEqualTo(02777);
  }

  @ParameterizedTest
  @ValueSource(strings = {"022", "077"})
  void the_mask_of_the_process_changes_no_mode(String umask) throws Exception {
    plant();
    Map<String, String> before = TreeImage.of(uploads);
    Path archive = SystemWorld.archive(world.source(), folder);
    Path target = folder.resolve("target");

    run(
        "umask %s; exec \"$@\"".formatted(umask),
        Jvm.of(
                KilledSystemRestore.class,
                target.toString(),
                archive.toString(),
                Integer.toString(Integer.MAX_VALUE))
            .command()
            .toArray());

    assertThat(TreeImage.of(target.resolve("uploads"))).containsExactlyEntriesOf(before);
    assertThat((int) Files.getAttribute(target.resolve("production.sqlite3"), "unix:mode") & 07777)
        .isEqualTo(0660);
  }

  @Test
  void a_tree_around_databases_comes_back_with_what_is_beside_them() throws Exception {
    plant();
    Files.writeString(world.folder().resolve("db/notes.txt"), "beside the queue");
    Files.createDirectories(world.folder().resolve("db/empty"));
    mode(world.folder().resolve("db"), "rwxr-x--x");
    SqliteSystemSource source = world.parts().tree("all", world.folder()).build();
    Path archive = SystemWorld.archive(source, folder);
    // SQLite made and removed files beside the databases while they were copied.
    Map<String, String> before = files(world.folder());

    SystemWorld bare = new SystemWorld(folder.resolve("target"));
    SystemWorld.restore(SqliteSystemTarget.builder(bare.folder()).build(), archive);
    assertThat(files(bare.folder())).containsExactlyEntriesOf(before);

    mode(world.folder().resolve("db"), "rwxrwxrwx");
    Files.delete(world.folder().resolve("db/notes.txt"));
    bruise();
    SystemWorld.restore(
        SqliteSystemTarget.builder(world.folder()).discardReplaced().build(), archive);
    assertThat(files(world.folder())).containsExactlyEntriesOf(before);
    assertThat(SystemWorld.query(world.queue(), "SELECT generation FROM state")).isEqualTo("1");
  }

  @Test
  void a_kill_at_any_step_leaves_the_old_tree_or_the_new_one_as_a_whole() throws Exception {
    mode(Files.createDirectories(uploads.resolve("read-only/in")), "r-xr-x---");
    Files.createSymbolicLink(uploads.resolve("link"), Path.of("a0"));
    Files.createDirectory(uploads.resolve("empty"));
    age(uploads.resolve("read-only"), 1);
    Map<String, String> fresh = TreeImage.of(uploads);
    Path archive = SystemWorld.archive(world.source(), folder);
    bruise();
    Map<String, String> old = TreeImage.of(uploads);
    Path target = folder.resolve("target");
    int reverted = 0;
    boolean killed = true;
    for (int step = 0; killed; step++) {
      new DurableFiles().deleteAll(target);
      run("cp -a \"$1\" \"$2\"", world.folder(), target);
      killed = isKilled(target, archive, step);

      SqliteSystemTarget.builder(target).build().recover();

      Map<String, String> now = TreeImage.of(target.resolve("uploads"));
      assertThat(now).as("step %s", step).isIn(old, fresh);
      reverted += now.equals(old) ? 1 : 0;
    }
    assertThat(reverted).isGreaterThan(5);
  }

  private static boolean isKilled(Path target, Path archive, int step) throws IOException {
    try {
      SystemWorld.restore(
          SqliteSystemTarget.builder(target).disk(() -> new MortalDisk(step)).build(), archive);
      return false;
    } catch (MortalDisk.Killed e) {
      return true;
    }
  }

  @Test
  void an_archive_without_folders_has_modes_that_follow_from_the_files() throws Exception {
    mode(uploads.resolve("a0/b/file"), "rw-r-----");
    SystemSnapshot whole =
        world.source().snapshot(Files.createTempDirectory(folder, "s"), Progress.none());
    SystemSnapshot older =
        new SystemSnapshot(
            whole.capturedAt(),
            whole.origin(),
            whole.places(),
            whole.entries(),
            List.of(),
            List.of(),
            whole.missing(),
            whole.warnings(),
            whole.contents());
    Path archive = SystemWorld.archive(older, folder);
    try (InputStream in = Files.newInputStream(archive)) {
      assertThat(ArchiveReader.withDefaults().readHead(in).manifest().folders()).isEmpty();
    }

    SystemWorld target = new SystemWorld(folder.resolve("target"));
    SystemWorld.restore(SqliteSystemTarget.builder(target.folder()).build(), archive);

    assertThat(target.generation()).isEqualTo("1");
    assertThat((int) Files.getAttribute(target.uploads().resolve("a0/b"), "unix:mode") & 07777)
        .isEqualTo(0750);
  }

  @Test
  void what_cannot_come_back_is_left_out_and_each_is_named() throws Exception {
    Files.createSymbolicLink(uploads.resolve("out"), Path.of("../production.sqlite3"));
    Files.createSymbolicLink(uploads.resolve("absolute"), uploads.resolve("a0/b/file"));
    Files.createSymbolicLink(uploads.resolve("round"), Path.of("a0/../a1"));
    run("mkfifo \"$1/pipe\"; mkdir \"$1/$(printf 'caf\\351')\"", uploads.toString());
    run("printf x > \"$1/$(printf 'caf\\351')/y\"; printf x > \"$1/$(printf 'a\\377b')\"", uploads);
    Files.setAttribute(uploads.resolve("a1"), "unix:mode", 02750);
    Files.setAttribute(uploads.resolve("a2/b/file"), "unix:mode", 04755);

    SystemSnapshot snapshot =
        world.source().snapshot(Files.createTempDirectory(folder, "s"), Progress.none());

    assertThat(snapshot.entries())
        .extracting(ArchiveManifest.Entry::name)
        .filteredOn(name -> name.startsWith("trees/"))
        .hasSize(5);
    assertThat(snapshot.links()).isEmpty();
    assertThat(snapshot.warnings())
        .anySatisfy(line -> assertThat(line).contains("(3)", "absolute, out, round"))
        .anySatisfy(line -> assertThat(line).contains("pipes", "(1)", "pipe"))
        .anySatisfy(line -> assertThat(line).contains("UTF-8", "(2)", "a%FFb, caf%E9"))
        .anySatisfy(line -> assertThat(line).contains("set-group-ID", "(2)", "a1, a2/b/file"))
        .hasSize(4);
    Path archive = SystemWorld.archive(snapshot, folder);
    SystemWorld target = new SystemWorld(folder.resolve("target"));
    SystemWorld.restore(SqliteSystemTarget.builder(target.folder()).build(), archive);
    assertThat((int) Files.getAttribute(target.uploads().resolve("a1"), "unix:mode") & 07777)
        .isEqualTo(0750);
  }

  @Test
  void a_file_that_becomes_something_else_while_the_tree_is_read_is_named() throws Exception {
    Path outside = Files.createDirectories(folder.resolve("outside/b"));
    Files.writeString(outside.resolve("file"), "not of this tree");
    Progress changing =
        (step, unit, done, total) -> {
          if (step.equals("read uploads") && done == 1) {
            try {
              Files.delete(uploads.resolve("a1/b/file"));
              Files.createDirectory(uploads.resolve("a1/b/file"));
              Files.writeString(uploads.resolve("a1/b/file/x"), "new");
              Files.delete(uploads.resolve("a2/b/file"));
              run("mkfifo \"$1\"", uploads.resolve("a2/b/file"));
              new DurableFiles().deleteAll(uploads.resolve("a3"));
              Files.createSymbolicLink(uploads.resolve("a3"), folder.resolve("outside"));
              new DurableFiles().deleteAll(uploads.resolve("a4/b"));
              Files.writeString(uploads.resolve("a4/b"), "a file now");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };

    SystemSnapshot snapshot =
        world.source().snapshot(Files.createTempDirectory(folder, "s"), changing);

    assertThat(snapshot.missing())
        .containsExactly(
            "trees/uploads/a1/b/file",
            "trees/uploads/a2/b/file",
            "trees/uploads/a3/b/file",
            "trees/uploads/a4/b/file");
    assertThat(snapshot.warnings())
        .singleElement()
        .asString()
        .contains("(4)", "a1/b/file", "a2/b/file", "a3/b/file", "a4/b/file");
    Path archive = Files.createTempFile(folder, "a", "");
    try (OutputStream out = Files.newOutputStream(archive)) {
      ArchiveWriter.withDefaults()
          .write(
              snapshot.manifest(ArchiveManifest.Purpose.BACKUP, "test"),
              snapshot::open,
              out,
              bytes -> {});
    }
  }

  @Test
  void a_link_in_the_place_of_a_database_stays_out_of_the_tree() throws Exception {
    Path real = Files.createDirectory(world.folder().resolve("real"));
    SystemWorld.execute(real.resolve("main.sqlite3"), "CREATE TABLE t (a)");
    Path link = world.folder().resolve("main.sqlite3");
    Files.createSymbolicLink(link, Path.of("real/main.sqlite3"));

    SystemSnapshot snapshot =
        SqliteSystemSource.builder()
            .database("main", link)
            .database("primary", world.primary())
            .database("queue", world.queue())
            .rebuilt("cache", world.cache())
            .tree("all", world.folder())
            .build()
            .snapshot(Files.createTempDirectory(folder, "s"), Progress.none());

    assertThat(snapshot.links()).isEmpty();
    assertThat(snapshot.entries())
        .extracting(ArchiveManifest.Entry::name)
        .contains("databases/main.sqlite3")
        .noneMatch(name -> name.contains("real/"));
  }

  /** A tree with everything that may come back. */
  private void plant() throws IOException {
    mode(uploads.resolve("a0"), "rwxr-x---");
    mode(uploads.resolve("a0/b"), "rwx------");
    mode(uploads.resolve("a0/b/file"), "rw-r--r--");
    mode(Files.createDirectories(uploads.resolve("empty/within/deep")), "rwxrwxrwx");
    write("zero", new byte[0]);
    byte[] large = new byte[3 << 20];
    random.nextBytes(large);
    write("large", large);
    write("two\nlines", new byte[] {1});
    write("tab\tand\u001bescape", new byte[] {2});
    write("back\\slash", new byte[] {3});
    write(" blanks ", new byte[] {4});
    write("-rf", new byte[] {5});
    write("C:drive", new byte[] {6});
    write("caf\u00e9", new byte[] {7});
    write("cafe\u0301", new byte[] {8});
    write("\ud83d\ude00", new byte[] {9});
    write("x".repeat(255), new byte[] {10});
    write("long/".repeat(25) + "file", new byte[] {11});
    write("deeper/".repeat(50) + "file", new byte[] {12});
    write("manifest.json", new byte[] {13});
    try (RandomAccessFile sparse = new RandomAccessFile(uploads.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(5 << 20);
      sparse.seek(2 << 20);
      sparse.write(1);
    }
    Files.createSymbolicLink(uploads.resolve("link"), Path.of("a0/b/file"));
    Files.createSymbolicLink(uploads.resolve("a0/up"), Path.of("../caf\u00e9"));
    Files.createSymbolicLink(uploads.resolve("folder-link"), Path.of("a0"));
    Files.createSymbolicLink(uploads.resolve("dangling"), Path.of("no\nthing"));
    mode(uploads.resolve("zero"), "r--r-----");
    mode(uploads.resolve("-rf"), "rwxr-xr-x");
    if (isRoot()) {
      mode(uploads.resolve(" blanks "), "---------");
    }
    mode(Files.createDirectories(uploads.resolve("read-only/in")), "r-xr-x---");
    mode(uploads.resolve("read-only"), "r-xr-xr-x");
    int days = 0;
    for (String path : TreeImage.of(uploads).keySet()) {
      age(uploads.resolve(path), days++);
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = uploads.resolve(name);
    Files.createDirectories(DurableFiles.folderOf(file));
    Files.write(file, content);
  }

  private static void age(Path path, int days) throws IOException {
    if (!Files.isSymbolicLink(path)) {
      Instant time = Instant.parse("2021-03-04T05:06:07.123456789Z").plusSeconds(86_401L * days);
      Files.setLastModifiedTime(path, FileTime.from(time));
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private void bruise() throws IOException {
    mode(uploads, "rwxrwxrwx");
    Files.delete(uploads.resolve("link"));
    Files.createSymbolicLink(uploads.resolve("link"), Path.of("/etc/passwd"));
    new DurableFiles().deleteAll(uploads.resolve("empty"));
    Files.writeString(uploads.resolve("empty"), "a file in its place");
    new DurableFiles().deleteAll(uploads.resolve("a0"));
    Files.writeString(uploads.resolve("newer"), "not of that night");
  }

  /** Gives a folder with all in it to somebody, if this is root. */
  private static boolean own(Path root) throws IOException {
    if (!isRoot()) {
      return false;
    }
    for (String path : TreeImage.of(root).keySet()) {
      Files.setAttribute(root.resolve(path), "unix:uid", APP, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(root.resolve(path), "unix:gid", APP, LinkOption.NOFOLLOW_LINKS);
    }
    return true;
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** All but the databases, the folder itself, and the work of restores. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> image = new TreeMap<>(TreeImage.of(root));
    image
        .keySet()
        .removeIf(
            path -> path.isEmpty() || path.contains(".sqlite3") || path.startsWith(".sevenfold"));
    return image;
  }

  private static void run(String script, Object... arguments) throws IOException {
    Programs.require("sh", "dash");
    List<String> command = new ArrayList<>(List.of("sh", "-ec", script, "sh"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(process.exitValue()).as(output).isZero();
  }
}
