package dev.sevenfold.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/api.md is a map of all public types that hosts can see: what is not on it should not be. */
class ApiPageTest {

  private static final Path ROOT = Path.of("../..");
  private static final String SOURCES = "/src/main/java/";
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

  /** Whether a file is of a library, and of a package that it exports, if it says which. */
  private static boolean isSource(Path file) {
    String inProject = ROOT.relativize(file).toString();
    return inProject.startsWith("backup-")
        && !inProject.startsWith("backup-cli/")
        && inProject.contains(SOURCES)
        && inProject.endsWith(".java")
        && isExported(inProject);
  }

  private static boolean isExported(String file) {
    int end = file.indexOf(SOURCES) + SOURCES.length();
    Path module = ROOT.resolve(file.substring(0, end) + "module-info.java");
    if (!Files.exists(module)) {
      return true;
    }
    String name = file.substring(end, Math.max(end, file.lastIndexOf('/'))).replace('/', '.');
    try {
      return Files.readString(module).contains("exports " + name + ";");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
