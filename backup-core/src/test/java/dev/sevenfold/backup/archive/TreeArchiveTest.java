package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.testsupport.Programs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders, links and names of a system's trees in an archive. */
class TreeArchiveTest {

  private static final Instant TIME = Instant.parse("2021-03-04T05:06:07.123456789Z");
  private static final String LONG = "trees/up/" + "long/".repeat(60) + "x".repeat(255);
  private static final Content FILES =
      new Content()
          .with("databases/primary.sqlite3", "SQLite format 3, of sorts")
          .with("trees/up/ab/photo", "a photo")
          .with(LONG, "deep")
          .with("trees/up/two\nlines", "a name of two lines")
          .with("trees/up/back\\slash", "a name that elsewhere is a path");
  private static final List<Folder> FOLDERS =
      List.of(
          new Folder("trees/up/empty", OptionalInt.of(0555), Optional.of(TIME)),
          new Folder("trees/up/ab", OptionalInt.of(0511), Optional.of(TIME)),
          new Folder("trees/up", OptionalInt.of(0750), Optional.of(TIME)));
  private static final List<Link> LINKS =
      List.of(
          new Link("trees/up/ab/again", "../ab/photo"),
          new Link("trees/up/current", "ab"),
          new Link("trees/up/dangling", "gone"),
          new Link("trees/up/deep", LONG.substring("trees/up/".length())));

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("scratch"));
  }

  @ParameterizedTest
  @EnumSource
  void folders_links_and_odd_names_come_out_as_they_went_in(Compression compression)
      throws IOException {
    byte[] archive = FILES.write(ArchiveWriter.withDefaults().compressing(compression), manifest());

    ArchiveHead head =
        ArchiveReader.withDefaults().extract(new ByteArrayInputStream(archive), folder, n -> {});

    assertThat(head.manifest()).isEqualTo(manifest());
    assertThat(folder.resolve("trees/up/empty")).isEmptyDirectory();
    for (Link link : LINKS) {
      assertThat(Files.readSymbolicLink(folder.resolve(link.name()))).hasToString(link.target());
    }
    assertThat(folder.resolve("trees/up/ab/again")).hasContent("a photo");
    assertThat(folder.resolve("trees/up/two\nlines")).hasContent("a name of two lines");
    assertThat(folder.resolve("trees/up/back\\slash")).exists();
    assertThat(folder.resolve(LONG)).hasContent("deep");
    ArchiveReader.withDefaults().verify(new ByteArrayInputStream(archive), n -> {});
  }

  @Test
  void tar_alone_makes_folders_links_modes_and_times() throws Exception {
    Path archive = temp.resolve("archive.tar.gz");
    Files.write(archive, FILES.write(ArchiveWriter.withDefaults(), manifest()));

    run("tar", "-xpzf", archive.toString(), "-C", folder.toString());

    for (Folder each : FOLDERS) {
      Path path = folder.resolve(each.name());
      assertThat(mode(path)).as(each.name()).isEqualTo(each.mode().getAsInt());
      // GNU tar makes a link with .. in the very end, and its folder has the time of that.
      if (!each.name().endsWith("ab")) {
        assertThat(Files.getLastModifiedTime(path).toInstant())
            .as(each.name())
            .isEqualTo("2021-03-04T05:06:07Z");
      }
    }
    Path photo = folder.resolve("trees/up/ab/photo");
    assertThat(mode(photo)).isEqualTo(0640);
    assertThat(Files.getLastModifiedTime(photo).toInstant()).isEqualTo("2021-03-04T05:06:07Z");
    assertThat(folder.resolve("trees/up/current/again")).hasContent("a photo");
    assertThat(folder.resolve("trees/up/two\nlines")).exists();
    assertThat(mode(folder.resolve("databases/primary.sqlite3"))).isEqualTo(0600);
  }

  @Test
  void the_manifest_says_so_and_has_another_version_then() {
    String json = new String(ManifestJson.write(manifest()), UTF_8);

    assertThat(json)
        .contains("\"formatVersion\": 2,")
        .contains(
            "{\"name\": \"trees/up\", \"mode\": \"750\", \"modified\":"
                + " \"2021-03-04T05:06:07.123456789Z\"}")
        .contains("{\"name\": \"trees/up/current\", \"target\": \"ab\"}");
    assertThat(ManifestJson.read(json.getBytes(UTF_8))).isEqualTo(manifest());
  }

  @Test
  void the_version_is_raised_only_for_what_older_readers_would_misread() {
    assertThat(with(List.of(), List.of()).formatVersion()).isEqualTo(2);
    assertThat(plain().formatVersion()).isEqualTo(1);
    assertThat(Content.tenant().manifest().formatVersion()).isEqualTo(1);
  }

  @Test
  void in_version_1_folders_are_not_known_and_their_entries_are_refused() {
    ArchiveManifest whole = withoutOddNames();
    String json =
        new String(ManifestJson.write(whole), UTF_8)
            .replace("\"formatVersion\": 2", "\"formatVersion\": 1");

    assertThat(ManifestJson.read(json.getBytes(UTF_8)).folders()).isEmpty();
    byte[] archive =
        CraftedTar.of(json)
            .special("trees/up/", TarConstants.LF_DIR, "")
            .file("trees/up/x", new byte[0])
            .end()
            .gzip();
    assertThat(Reading.refused(archive, folder)).hasMessageContaining("not an ordinary file");
  }

  @Test
  void in_version_1_odd_names_are_refused() {
    String json =
        new String(ManifestJson.write(manifest()), UTF_8)
            .replace("\"formatVersion\": 2", "\"formatVersion\": 1");

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> ManifestJson.read(json.getBytes(UTF_8)))
        .withMessageContaining("entry name");
  }

  @ParameterizedTest
  @CsvSource({
    "trees/up/x, /etc/passwd",
    "trees/up/x, ../y",
    "trees/up/x, ..",
    "trees/up/a/x, ../..",
    "trees/up/a/x, ../../other/y",
    "trees/up/a/x, b/../../../y",
    "trees/up/a/x, b/..",
    "trees/up/x, b//c",
    "trees/up/x, b/",
    "trees/up/x, ''",
    "trees/up, x",
    "databases/x, y",
    "files/x, y",
    "trees/../x, y",
  })
  void a_link_that_may_lead_out_of_its_tree_is_refused(String name, String target) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Link(name, target));
  }

  @ParameterizedTest
  @CsvSource({
    "trees/up/x, .",
    "trees/up/x, ./y",
    "trees/up/a/x, ..",
    "trees/up/a/b/x, ../../c/..d/e..",
    "trees/up/a/x, .././c",
    "trees/up/x, 'a b\\c'",
  })
  void a_link_that_stays_in_its_tree_is_taken(String name, String target) {
    assertThat(new Link(name, target).target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "trees", "trees/", "/trees/up", "trees/../etc", "files/a", "trees/up/", "a"})
  void a_folder_outside_of_the_trees_is_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Folder(name, OptionalInt.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4755", "1777", "2750", "75", "8aa", "-75"})
  void a_mode_of_a_folder_is_three_octal_digits(String mode) {
    String json =
        new String(ManifestJson.write(manifest()), UTF_8)
            .replace("\"mode\": \"750\"", "\"mode\": \"" + mode + '"');

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> ManifestJson.read(json.getBytes(UTF_8)));
  }

  @Test
  void a_folder_cannot_be_a_file_or_a_link_or_inside_of_one_or_be_there_twice() {
    Folder ab = new Folder("trees/up/ab", OptionalInt.empty(), Optional.empty());
    Folder inPhoto = new Folder("trees/up/ab/photo/x", OptionalInt.empty(), Optional.empty());
    Folder photo = new Folder("trees/up/ab/photo", OptionalInt.empty(), Optional.empty());
    Link asAb = new Link("trees/up/ab", "x");
    Link asPhoto = new Link("trees/up/ab/photo", "x");

    assertContradicts(List.of(ab, ab), List.of());
    assertContradicts(List.of(photo), List.of());
    assertContradicts(List.of(inPhoto), List.of());
    assertContradicts(List.of(), List.of(asAb));
    assertContradicts(List.of(ab), List.of(new Link("trees/up/ab", "x")));
    assertContradicts(List.of(), List.of(asPhoto));
    assertContradicts(
        List.of(), List.of(new Link("trees/up/l", "ab"), new Link("trees/up/l/x", "y")));
  }

  @Test
  void a_tenants_archive_has_no_trees() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Content.manifest(
                    List.of(
                        new Entry("tenant.sqlite3", 0, Sha256.hexOf(new byte[0])),
                        new Entry("trees/a\nb", 0, Sha256.hexOf(new byte[0])))));
  }

  @Test
  void what_the_tar_has_must_be_what_the_manifest_says() {
    ArchiveManifest manifest = withoutOddNames();
    byte dir = TarConstants.LF_DIR;
    byte symlink = TarConstants.LF_SYMLINK;

    assertThat(refused(CraftedTar.of(manifest).special("trees/up/x", symlink, "/etc/passwd")))
        .contains("not an ordinary file");
    byte[] file = CraftedTar.of(manifest).file("trees/up/x", new byte[0]).tar();
    assertThat(refused(CraftedTar.empty().raw(file).special("trees/up/l", symlink, "/etc")))
        .contains("leads to \"/etc\"");
    assertThat(
            refused(CraftedTar.empty().raw(file).special("trees/up/l", TarConstants.LF_LINK, "x")))
        .contains("not a symbolic link");
    assertThat(refused(CraftedTar.empty().raw(file).special("trees/up/m", symlink, "x")))
        .contains("where the manifest has");
    byte[] link = CraftedTar.empty().raw(file).special("trees/up/l", symlink, "x").tar();
    assertThat(refused(CraftedTar.empty().raw(link).file("trees/up", new byte[0])))
        .contains("not a folder");
    assertThat(refused(CraftedTar.empty().raw(link).special("trees/up", symlink, "/etc")))
        .contains("not a folder");
    assertThat(refused(CraftedTar.empty().raw(link).special("trees/other/", dir, "")))
        .contains("where the manifest has");
    assertThat(refused(CraftedTar.empty().raw(link))).contains("cut short");
    byte[] whole = CraftedTar.empty().raw(link).special("trees/up/", dir, "").tar();
    assertThat(refused(CraftedTar.empty().raw(whole).special("trees/up/more/", dir, "")))
        .contains("goes on after the last entry");
  }

  @Test
  void a_mode_in_the_tar_alone_hands_out_nothing() throws IOException {
    TarArchiveEntry hostile = new TarArchiveEntry("trees/up/", TarConstants.LF_DIR);
    hostile.setMode(07777);
    byte[] archive =
        CraftedTar.of(withoutOddNames())
            .file("trees/up/x", new byte[0])
            .special("trees/up/l", TarConstants.LF_SYMLINK, "x")
            .entry(hostile, new byte[0])
            .end()
            .gzip();

    ArchiveReader.withDefaults().extract(new ByteArrayInputStream(archive), folder, n -> {});

    assertThat((int) Files.getAttribute(folder.resolve("trees/up"), "unix:mode") & 07777)
        .isEqualTo(0700);
  }

  @Test
  void folders_and_links_count_as_entries() {
    byte[] archive = FILES.write(ArchiveWriter.withDefaults(), manifest());
    int all = FILES.entries().size() + FOLDERS.size() + LINKS.size();
    ArchiveReader exact =
        ArchiveReader.withDefaults().limitedTo(ArchiveLimits.DEFAULT.withMaxEntries(all));
    ArchiveReader less =
        ArchiveReader.withDefaults().limitedTo(ArchiveLimits.DEFAULT.withMaxEntries(all - 1));

    exact.verify(new ByteArrayInputStream(archive), n -> {});
    assertThat(Reading.refused(less, archive, folder)).hasMessageContaining(all + " entries");
  }

  private String refused(CraftedTar tar) {
    return Reading.refused(tar.end().gzip(), folder).what();
  }

  private static void assertContradicts(List<Folder> folders, List<Link> links) {
    assertThatIllegalArgumentException().isThrownBy(() -> with(folders, links));
  }

  private static ArchiveManifest manifest() {
    return with(FOLDERS, LINKS);
  }

  private static ArchiveManifest plain() {
    return system(
        List.of(new Entry("trees/up/x", 0, Sha256.hexOf(new byte[0]))), List.of(), List.of());
  }

  /** One folder, one empty file in it, and a link to that. */
  private static ArchiveManifest withoutOddNames() {
    return system(
        plain().entries(),
        List.of(new Folder("trees/up", OptionalInt.empty(), Optional.empty())),
        List.of(new Link("trees/up/l", "x")));
  }

  private static ArchiveManifest with(List<Folder> folders, List<Link> links) {
    List<Entry> entries =
        FILES.entries().entrySet().stream()
            .map(
                entry ->
                    entry.getKey().startsWith("databases/")
                        ? new Entry(
                            entry.getKey(), entry.getValue().length, Sha256.hexOf(entry.getValue()))
                        : new Entry(
                            entry.getKey(),
                            entry.getValue().length,
                            Sha256.hexOf(entry.getValue()),
                            OptionalInt.of(0640),
                            Optional.of(TIME)))
            .toList();
    return system(entries, folders, links);
  }

  private static ArchiveManifest system(
      List<Entry> entries, List<Folder> folders, List<Link> links) {
    return new ArchiveManifest(
        Kind.SYSTEM,
        Purpose.BACKUP,
        Optional.empty(),
        Content.CAPTURED_AT,
        Content.SOURCE,
        "0.1.0",
        List.of(),
        entries,
        List.of(),
        List.of(),
        folders,
        links,
        OptionalLong.empty(),
        Optional.empty());
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }

  private static void run(String... command) throws Exception {
    Programs.require(command[0], command[0]);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }
}
