package dev.sevenfold.backup.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One mount with an odd name hides none of the others. */
class MountPointsTest {

  @TempDir Path given;

  private static String line(String point) {
    return "36 35 98:0 / " + point + " rw,noatime master:1 - ext3 /dev/root rw";
  }

  @Test
  void a_name_that_is_no_text_hides_only_itself_and_is_said_of_the_folder_it_is_in()
      throws Exception {
    Path folder = given.toRealPath();
    Path other = Files.createDirectory(folder.resolve("other"));
    Path spaced = folder.resolve("with space");

    MountPoints points =
        MountPoints.read(
            Stream.of(
                line("/"),
                line(folder + "/odd\u00ff/deep"),
                line(folder + "/with\\040space"),
                "short line"),
            StandardCharsets.UTF_8);

    assertThat(points.points()).contains(Path.of("/"), spaced).hasSize(2);
    assertThat(points.unnamed()).containsExactly(folder);
    assertThat(points.within(other)).isEmpty();
    assertThatIOException()
        .isThrownBy(() -> points.within(folder))
        .withMessageContaining("under a name that is no text");
  }

  @Test
  void a_name_in_another_encoding_than_the_processs_is_one_of_these() {
    String bytes =
        new String("/srv/Müller".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    assertThat(MountPoints.read(Stream.of(line(bytes)), StandardCharsets.US_ASCII).unnamed())
        .containsExactly(Path.of("/srv"));
    assertThat(MountPoints.read(Stream.of(line(bytes)), StandardCharsets.UTF_8).unnamed())
        .isEmpty();
  }

  @Test
  void what_is_mounted_now_is_known() {
    assertThat(MountPoints.now().unnamed()).isEmpty();
  }
}
