package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest takes no more memory than there is, however small the archive. */
class ManifestMemoryTest {

  private static final int LONG = 85 << 20;

  @TempDir Path folder;

  /** Reads the head of an archive, and says what it makes of it. */
  static final class Head {
    private Head() {}

    public static void main(String[] arguments) throws IOException {
      try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
        System.out.print(ArchiveReader.withDefaults().readHead(in).manifest().capturedAt());
      } catch (ArchiveNotReadable e) {
        System.out.print(e.getMessage());
      }
    }
  }

  private String head(String manifest, String memory) throws Exception {
    Path archive = folder.resolve("archive");
    Files.write(archive, CraftedTar.of(manifest).gzip());
    Process reading = Jvm.of(List.of("-Xmx" + memory), Head.class, archive.toString()).start();
    String said = new String(reading.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(reading.waitFor()).isZero();
    return said;
  }

  private static String manifestWith(String member, String value) {
    byte[] json = ManifestJson.write(Content.tenant().manifest());
    String text = new String(json, StandardCharsets.UTF_8);
    return "{\"" + member + "\":" + value + ',' + text.substring(1);
  }

  @Test
  void a_long_one_is_refused_where_there_is_no_room_for_it() throws Exception {
    String manifest = manifestWith("filler", '"' + "x".repeat(16 << 20) + '"');

    assertThat(head(manifest, "48m")).contains("bytes of memory", "-Xmx");
    assertThat(head(manifest, "128m")).isEqualTo(Content.CAPTURED_AT.toString());
  }

  @Test
  void one_of_eighty_five_mebibytes_is_refused_below_a_quarter_of_a_gigabyte() throws Exception {
    String manifest = manifestWith("filler", '[' + "\"xxxx\",".repeat(LONG / 7) + "1]");

    assertThat(head(manifest, "256m")).contains("bytes, and", "is the bound");
  }

  @Test
  void many_small_elements_are_refused_where_there_is_no_room_for_them() throws Exception {
    String manifest = manifestWith("missing", '[' + "\"a\",".repeat(1_000_000) + "\"a\"]");

    assertThat(head(manifest, "64m")).contains("lists of more than", "-Xmx");
  }
}
