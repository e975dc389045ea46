package dev.sevenfold.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    List<String> types = new ArrayList<>();
    try (Stream<Path> files = Files.find(ROOT, 20, (file, attributes) -> isSource(file))) {
      for (Path file : files.toList()) {
        PUBLIC_TYPE
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> types.add(found.group(1)));
      }
    }
    return types;
  }

  private static boolean isSource(Path file) {
    Path inProject = ROOT.relativize(file);
    return inProject.toString().startsWith("backup-")
        && inProject.toString().contains("/src/main/java/")
        && inProject.toString().endsWith(".java");
  }
}
