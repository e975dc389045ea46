package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that everybody has read what this library writes, and it reads what they write. */
class CommandLineToolsTest {

  private static final SigningKeys KEYS = SigningKeys.of("k", new byte[32]);

  @TempDir Path temp;
  private Path out;

  @BeforeEach
  void makeFolder() throws IOException {
    out = Files.createDirectory(temp.resolve("out"));
  }

  @ParameterizedTest
  @EnumSource
  void tar_extracts_an_archive(Compression compression) throws Exception {
    Content content = manyFiles();
    Path archive = write(content, compression);

    switch (compression) {
      case GZIP -> run("tar", "-xzf", archive, "-C", out);
      case ZSTD -> {
        run("zstd", "-q", "-d", archive, "-o", temp.resolve("plain.tar"));
        run("tar", "-xf", temp.resolve("plain.tar"), "-C", out);
      }
    }

    assertThat(out.resolve(ArchiveManifest.ENTRY_NAME))
        .hasBinaryContent(ManifestJson.write(content.manifest()));
    Files.delete(out.resolve(ArchiveManifest.ENTRY_NAME));
    Files.delete(out.resolve(ArchiveManifest.SIGNATURE_NAME));
    assertThat(Content.read(out)).containsExactlyInAnyOrderEntriesOf(content.entries());
  }

  @ParameterizedTest
  @EnumSource
  void the_compressors_find_no_fault(Compression compression) throws Exception {
    Path archive = write(manyFiles(), compression);

    switch (compression) {
      case GZIP -> run("gzip", "-t", archive);
      case ZSTD -> run("zstd", "-q", "-t", archive);
    }
  }

  @Test
  void tar_and_sqlite3_alone_get_the_rows_back() throws Exception {
    Path database = temp.resolve("made.sqlite3");
    makeDatabase(database);
    Content content =
        new Content().with(ArchiveManifest.TENANT_DATABASE, Files.readAllBytes(database));

    run("tar", "-xzf", write(content, Compression.GZIP), "-C", out);

    assertThat(run("sqlite3", out.resolve("tenant.sqlite3"), "SELECT id, name FROM customers"))
        .isEqualTo("1|Ada\n2|Grace\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "posix", "ustar"})
  void an_archive_that_tar_and_gzip_made_is_read(String format) throws Exception {
    Content content = Content.tenant().with("files/a", "a").with("files/b/" + "c".repeat(90), "c");
    Path tar = tarOf(content, format);

    run("gzip", "-9", tar);

    assertRead(content, Path.of(tar + ".gz"));
  }

  @Test
  void an_archive_that_tar_and_zstd_made_is_read() throws Exception {
    Content content = manyFiles();
    Path tar = tarOf(content, "gnu");

    run("zstd", "-q", "-19", tar);

    assertRead(content, Path.of(tar + ".zst"));
  }

  @Test
  void an_archive_of_several_gzip_members_is_read() throws Exception {
    Content content = manyFiles();
    byte[] tar = Files.readAllBytes(tarOf(content, "posix"));
    int middle = tar.length / 2;
    Path archive = temp.resolve("members.tar.gz");
    Files.write(archive, CraftedTar.gzip(Arrays.copyOf(tar, middle)));
    Files.write(
        archive,
        CraftedTar.gzip(Arrays.copyOfRange(tar, middle, tar.length)),
        StandardOpenOption.APPEND);

    run("gzip", "-t", archive);

    assertRead(content, archive);
  }

  private Path tarOf(Content content, String format) throws Exception {
    Path in = Files.createDirectory(temp.resolve("in"));
    Files.write(in.resolve("manifest.json"), ManifestJson.write(content.manifest()));
    Path names = temp.resolve("names");
    Files.writeString(names, "manifest.json\n" + String.join("\n", content.entries().keySet()));
    for (String name : content.entries().keySet()) {
      Files.createDirectories(in.resolve(name).getParent());
      Files.write(in.resolve(name), content.get(name));
    }
    Path tar = temp.resolve("made.tar");
    run("tar", "-cf", tar, "--format=" + format, "-C", in, "-T", names);
    return tar;
  }

  private void assertRead(Content content, Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      ArchiveReader.withDefaults().extract(in, out, bytes -> {});
    }
    assertThat(Content.read(out)).containsExactlyInAnyOrderEntriesOf(content.entries());
  }

  private Path write(Content content, Compression compression) throws IOException {
    Path archive = temp.resolve("archive" + compression.fileSuffix());
    ArchiveWriter writer = ArchiveWriter.withDefaults().compressing(compression).signing(KEYS);
    return Files.write(archive, content.write(writer));
  }

  private static Content manyFiles() {
    byte[] random = new byte[1_500_000];
    new Random(7).nextBytes(random);
    return Content.tenant()
        .with("files/" + "long/".repeat(30) + "ünïcödé \ud83d\ude00", "x")
        .with("files/empty", new byte[0])
        .with("files/random", random)
        .with("files/text", "some text ".repeat(200_000));
  }

  private static void makeDatabase(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)");
      statement.execute("INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace')");
    }
  }

  /** Runs a program to its end, and gives what it printed. */
  private static String run(Object... command) throws Exception {
    String[] words = Arrays.stream(command).map(Object::toString).toArray(String[]::new);
    Programs.require(words[0], words[0]);
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", Arrays.toString(words), output).isZero();
    return output;
  }
}
