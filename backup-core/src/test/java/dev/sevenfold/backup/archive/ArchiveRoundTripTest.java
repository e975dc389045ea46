package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.io.ParallelGzipOutputStream;
import dev.sevenfold.backup.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveRoundTripTest {

  private static final String LONG = "files/" + "long/".repeat(60) + "näme".repeat(30);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void what_goes_in_comes_out(Compression compression) {
    byte[] large = new byte[3_000_001];
    new Random(7).nextBytes(large);
    Content content =
        Content.tenant()
            .with("files/empty", new byte[0])
            .with("files/ünïcödé \ud83d\ude00", "emoji")
            .with(LONG, "long")
            .with("files/large", large)
            .with("files/zeros", new byte[1_000_000])
            .with("files/ends on a record", new byte[512]);

    ArchiveHead head = extract(content.write(writer(compression)));

    assertThat(head.manifest()).isEqualTo(content.manifest());
    Map<String, byte[]> files = Content.read(folder);
    assertThat(files).containsExactlyInAnyOrderEntriesOf(content.entries());
  }

  @ParameterizedTest
  @EnumSource
  void seeded_random_archives_come_out_as_they_went_in(Compression compression) throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      Content content = random(new Random(seed));
      Path target = Files.createDirectory(folder.resolve("seed" + seed));

      ArchiveReader.withDefaults()
          .extract(
              new ByteArrayInputStream(content.write(writer(compression))), target, bytes -> {});

      assertThat(Content.read(target))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderEntriesOf(content.entries());
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_same_content_gives_the_same_bytes(Compression compression) {
    byte[] large = new byte[2_000_000];
    new Random(7).nextBytes(large);
    Content content = Content.tenant().with("files/large", large).with(LONG, "x".repeat(100_000));

    assertThat(content.write(writer(compression))).isEqualTo(content.write(writer(compression)));
  }

  @ParameterizedTest
  @EnumSource
  void the_head_is_read_without_the_rest(Compression compression) {
    byte[] large = new byte[5_000_000];
    new Random(7).nextBytes(large);
    Content content = Content.tenant().with("files/large", large);
    byte[] archive = content.write(writer(compression));
    ByteArrayInputStream in = new ByteArrayInputStream(archive);

    ArchiveHead head = ArchiveReader.withDefaults().readHead(in);

    assertThat(head.manifest()).isEqualTo(content.manifest());
    assertThat(archive.length - in.available()).isLessThan(300_000);
  }

  @Test
  void writer_readers_and_a_digest_of_the_manifest_agree_on_the_identity() throws IOException {
    Content content = Content.tenant();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ArchiveDigest written =
        ArchiveWriter.withDefaults().write(content.manifest(), content, out, bytes -> {});

    assertThat(written.hex()).isEqualTo(Sha256.hexOf(ManifestJson.write(content.manifest())));
    assertThat(ArchiveReader.withDefaults().readHead(in(out)).digest()).isEqualTo(written);
    assertThat(ArchiveReader.withDefaults().verify(in(out), bytes -> {}).digest())
        .isEqualTo(written);
    assertThat(extract(out.toByteArray()).digest()).isEqualTo(written);
  }

  @Test
  void progress_ends_at_the_bytes_of_the_manifest() throws IOException {
    Content content = Content.tenant().with("files/a", new byte[200_000]).with("files/b", "b");
    List<Long> writing = new ArrayList<>();
    List<Long> reading = new ArrayList<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ArchiveWriter.withDefaults().write(content.manifest(), content, out, writing::add);
    ArchiveReader.withDefaults().extract(in(out), folder, reading::add);

    assertThat(writing).isSorted().endsWith(content.manifest().bytes());
    assertThat(reading).isSorted().endsWith(content.manifest().bytes());
  }

  @Test
  void neither_the_callers_output_nor_its_input_is_closed() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    for (Compression compression : Compression.values()) {
      out.reset();
      Content content = Content.tenant();
      writer(compression).write(content.manifest(), content, out, bytes -> {});
      InputStream in =
          new ByteArrayInputStream(out.toByteArray()) {
            @Override
            public void close() {
              closed.set(true);
            }
          };
      ArchiveReader.withDefaults().verify(in, bytes -> {});
    }

    assertThat(closed).isFalse();
  }

  @Test
  void an_archive_read_a_byte_at_a_time_is_the_same() {
    Content content = Content.tenant().with("files/a", "a".repeat(100_000));
    for (Compression compression : Compression.values()) {
      InputStream dripping =
          new ByteArrayInputStream(content.write(writer(compression))) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
              return super.read(bytes, offset, Math.min(length, 1));
            }
          };

      assertThat(ArchiveReader.withDefaults().verify(dripping, bytes -> {}).manifest())
          .isEqualTo(content.manifest());
    }
  }

  @Test
  void extracted_files_are_for_their_owner_alone() throws IOException {
    extract(Content.tenant().with("files/deep/er", "x").write(ArchiveWriter.withDefaults()));

    assertThat(mode("tenant.sqlite3")).isEqualTo("rw-------");
    assertThat(mode("files/deep/er")).isEqualTo("rw-------");
    assertThat(mode("files")).isEqualTo("rwx------");
    assertThat(mode("files/deep")).isEqualTo("rwx------");
  }

  @Test
  void one_writer_and_one_reader_serve_many_threads() {
    ArchiveWriter writer = ArchiveWriter.withDefaults();
    ArchiveReader reader = ArchiveReader.withDefaults();
    AtomicLong rightOnes = new AtomicLong();
    Random random = new Random(7);
    List<Content> contents = random.ints(50).mapToObj(seed -> random(new Random(seed))).toList();

    contents.parallelStream()
        .forEach(
            content -> {
              InputStream in = new ByteArrayInputStream(content.write(writer));
              if (reader.verify(in, bytes -> {}).manifest().equals(content.manifest())) {
                rightOnes.incrementAndGet();
              }
            });

    assertThat(rightOnes).hasValue(contents.size());
  }

  private ArchiveHead extract(byte[] archive) {
    return ArchiveReader.withDefaults()
        .extract(new ByteArrayInputStream(archive), folder, bytes -> {});
  }

  private static ByteArrayInputStream in(ByteArrayOutputStream out) {
    return new ByteArrayInputStream(out.toByteArray());
  }

  private static ArchiveWriter writer(Compression compression) {
    return ArchiveWriter.withDefaults().compressing(compression);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  /** Few or many files, short or long names, sizes around those of records, blocks and buffers. */
  private static Content random(Random random) {
    Content content = Content.tenant();
    Map<String, byte[]> files = new TreeMap<>();
    int[] edges = {0, 1, 511, 512, 513, 65_535, 65_536, 65_537, ParallelGzipOutputStream.BLOCK};
    for (int i = random.nextInt(12); i > 0; i--) {
      String name = "files/" + i + "/" + "nä me-".repeat(random.nextInt(30)) + i;
      byte[] bytes = new byte[edges[random.nextInt(edges.length)] + random.nextInt(2)];
      if (random.nextBoolean()) {
        random.nextBytes(bytes);
      }
      files.put(name, bytes);
    }
    files.forEach(content::with);
    return content.with("last", "x".repeat(random.nextInt(1_000)).getBytes(UTF_8));
  }
}
