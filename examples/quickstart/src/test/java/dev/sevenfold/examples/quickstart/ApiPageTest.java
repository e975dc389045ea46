package dev.sevenfold.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/api.md is a map of all public types: what is not on it should not be public. */
class ApiPageTest {

  private static final Path ROOT = Path.of("../..");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) (\\w+)",
          Pattern.MULTILINE);

  @Test
  void names_every_public_type() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/api.md"));

    List<String> types = publicTypes();

    assertThat(types).contains("BackupService", "ArchiveStore", "SftpArchiveStore");
    assertThat(types).allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
  }

  private static List<String> publicTypes() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .filter(module -> module.getFileName().toString().startsWith("backup-"))
          .flatMap(ApiPageTest::sources)
          .flatMap(ApiPageTest::publicType)
          .toList();
    }
  }

  private static Stream<Path> sources(Path module) {
    Path sources = module.resolve("src/main/java");
    try {
      return Files.isDirectory(sources)
          ? Files.walk(sources).filter(file -> file.toString().endsWith(".java"))
          : Stream.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Stream<String> publicType(Path file) {
    try {
      return PUBLIC_TYPE.matcher(Files.readString(file)).results().map(found -> found.group(1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
