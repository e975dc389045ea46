package dev.sevenfold.backup.engine.postgresql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the trial of another engine names nothing of SQLite's, neither ours nor the driver's. */
class NoSqliteEngineTest {

  @Test
  void no_class_names_the_engine_for_sqlite_or_its_driver() throws IOException, URISyntaxException {
    URI folder = requireNonNull(getClass().getResource(".")).toURI();
    List<Path> classes;
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      classes = files.filter(file -> file.getFileName().toString().startsWith("Postgres")).toList();
    }

    assertThat(classes).hasSizeGreaterThan(10);
    for (Path file : classes) {
      assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
          .as(file.toString())
          .contains("dev/sevenfold/backup/engine/")
          .doesNotContain("dev/sevenfold/backup/sqlite/")
          .doesNotContain("org/sqlite/");
    }
  }
}
