package dev.sevenfold.backup.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        list(Files.list(ROOT), module -> Files.isDirectory(module.resolve(SOURCES))).stream()
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
    for (Path page : list(Files.list(ROOT), file -> file.toString().endsWith(".md"))) {
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
    return list(Files.walk(folder), file -> file.toString().endsWith(ending));
  }

  private static List<Path> list(Stream<Path> files, Predicate<Path> which) {
    try (files) {
      return files.filter(which).sorted().toList();
    }
  }

  @Test
  void an_example_that_does_not_compile_is_named_by_its_file_and_line() throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        "# Page\n\n```java\nint i = 1;\nint j = unknown;\n```\n\n```java\nvoid m() {}\n```\n");
    Path type = folder.resolve("Type.java");
    Files.writeString(
        type, "/**\n * Type.\n *\n * <pre>{@code\n * missing();\n * }</pre>\n */\nclass Type {}\n");
    Path out = Files.createDirectory(folder.resolve("out"));

    assertThat(JavaExamples.within(ExampleContext.class).of(page).errors(out))
        .singleElement()
        .asString()
        .startsWith(page + ":5: cannot find symbol");
    assertThat(JavaExamples.within(ExampleContext.class).of(type).errors(out))
        .singleElement()
        .asString()
        .startsWith(type + ":5: cannot find symbol");
  }

  @Test
  void an_example_that_is_not_seen_is_an_error() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "```java\nint i = 1;\n");
    Path type = Files.writeString(folder.resolve("Type.java"), "/**\n * {@snippet : f(); }\n */");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaExamples.within(ExampleContext.class).of(page))
        .withMessageStartingWith(page + ":1: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaExamples.within(ExampleContext.class).of(type))
        .withMessageStartingWith(type + ":2: ");
  }
}
