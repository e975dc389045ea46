package dev.sevenfold.backup.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.JavaExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example compiles that the pages and the Javadoc of the modules show. */
class ExamplesTest {

  private static final Path ROOT = Path.of("..");
  private static final String SOURCES = "src/main/java";
  private static final List<String> JDK =
      List.of(
          "java.net",
          "java.io",
          "java.nio.file",
          "java.sql",
          "java.time",
          "java.util",
          "org.junit.jupiter.api");
  private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");

  @TempDir Path folder;

  @Test
  void all_examples_compile() throws IOException {
    List<Path> modules =
        list(ROOT, 1, module -> Files.isDirectory(module.resolve(SOURCES))).stream()
            .filter(module -> !module.endsWith("benchmarks"))
            .toList();
    JavaExamples examples = JavaExamples.within(ExampleContext.class);
    JDK.forEach(examples::importing);
    for (Path module : modules) {
      publicPackages(module.resolve(SOURCES)).forEach(examples::importing);
    }
    for (Path module : modules) {
      for (Path file : all(module.resolve(SOURCES), ".java")) {
        examples.of(file);
      }
    }
    for (Path page : list(ROOT, 1, file -> file.toString().endsWith(".md"))) {
      examples.of(page);
    }
    for (Path page : all(ROOT.resolve("docs"), ".md")) {
      examples.of(page);
    }

    assertThat(examples.errors(folder)).isEmpty();
    assertThat(examples.count()).isGreaterThan(30);
  }

  /** The packages that a module exports; all, if it does not say. */
  private static List<String> publicPackages(Path sources) throws IOException {
    Path info = sources.resolve("module-info.java");
    if (Files.exists(info)) {
      return EXPORTS
          .matcher(Files.readString(info))
          .results()
          .map(found -> found.group(1))
          .toList();
    }
    return all(sources, "package-info.java").stream()
        .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
        .toList();
  }

  private static List<Path> all(Path folder, String ending) throws IOException {
    return list(folder, Integer.MAX_VALUE, file -> file.toString().endsWith(ending));
  }

  private static List<Path> list(Path folder, int depth, Predicate<Path> which) throws IOException {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(which).sorted().toList();
    }
  }
}
