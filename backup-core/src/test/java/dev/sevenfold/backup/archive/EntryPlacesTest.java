package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryPlacesTest {

  private static final Path FOLDER = Path.of("/srv/work");
  private static final Path DISK = Path.of("/disk/work/trees/media");
  private static final Path DEEP = Path.of("/deep/work/trees/media/a/b");

  private final EntryPlaces places =
      new EntryPlaces(FOLDER, Map.of("trees/media", DISK, "trees/media/a/b", DEEP));

  @Test
  void the_longest_name_decides() {
    assertThat(places.of("trees/media")).isEqualTo(DISK);
    assertThat(places.of("trees/media/a")).isEqualTo(DISK.resolve("a"));
    assertThat(places.of("trees/media/a/b")).isEqualTo(DEEP);
    assertThat(places.of("trees/media/a/b/c/d")).isEqualTo(DEEP.resolve("c/d"));
    assertThat(places.root("trees/media/a/b/c/d")).isEqualTo(DEEP);
    assertThat(places.root("trees/media/x")).isEqualTo(DISK);
  }

  @Test
  void a_name_that_only_begins_alike_stays_in_the_folder() {
    assertThat(places.of("trees/media2/a")).isEqualTo(FOLDER.resolve("trees/media2/a"));
    assertThat(places.of("trees")).isEqualTo(FOLDER.resolve("trees"));
    assertThat(places.of("databases/x.sqlite3")).isEqualTo(FOLDER.resolve("databases/x.sqlite3"));
    assertThat(places.root("trees/media2/a")).isEqualTo(FOLDER);
  }
}
