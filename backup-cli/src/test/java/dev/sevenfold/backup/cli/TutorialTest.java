package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.cli.run.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever follows docs/tutorial.md sees what it shows. */
class TutorialTest {

  private static final Path PAGE = Path.of("../docs/tutorial.md");
  private static final Path EXAMPLE = Path.of("../examples/adopt");

  /** Where the reader of the page is. */
  private static final String READER = "/home/ann/adopt";

  private static final Pattern BLOCK =
      Pattern.compile("^```(\\S+) ?(\\S*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern LABEL = Pattern.compile("(tenant|safety)_\\d+_\\d{14}");

  /** What is another thing each time: instants, sizes, and labels. */
  private static final Pattern VARYING =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z\\s*|(?<=files, )\\d+(?= bytes)|(?<=yes       no)\\s+\\d+$|"
              + LABEL.pattern());

  @TempDir Path temporary;

  private Path folder;

  /** The labels of the page, and those that are here in their place. */
  private final Map<String, String> labels = new LinkedHashMap<>();

  @BeforeEach
  void copyTheExample() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("adopt"));
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(EXAMPLE.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, folder.resolve("Sql.java").toString());
    assertThat(code).isZero();
  }

  @Test
  void every_command_prints_what_the_page_shows() throws Exception {
    List<String> java = new ArrayList<>();
    int commands = 0;
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    while (blocks.find()) {
      String text = blocks.group(3);
      switch (blocks.group(1)) {
        case "yaml" -> Files.writeString(folder.resolve(blocks.group(2)), text);
        case "java" -> java.add(text);
        case "console" -> {
          for (String step : text.substring(2).split("\n\\$ ", -1)) {
            List<String> lines = step.lines().toList();
            follow(lines.get(0), lines.subList(1, lines.size()));
            commands++;
          }
        }
        default -> throw new AssertionError("a block of " + blocks.group(1));
      }
    }

    assertThat(commands).isGreaterThan(20);
    assertThat(java).hasSize(2);
  }

  @Test
  void the_java_of_the_page_is_what_is_suggested() throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    String model = "";
    while (blocks.find()) {
      if (blocks.group(1).equals("yaml") && blocks.group(2).equals("rails.yml")) {
        Files.writeString(folder.resolve("rails.yml"), blocks.group(3));
      }
      if (blocks.group(1).equals("java") && blocks.group(3).contains("rootedAt(")) {
        model = blocks.group(3);
      }
    }
    run("sql rails.sqlite3 rails-like.sql");

    String suggested =
        run("sevenfold tenant suggest --config rails.yml --java")
            .lines()
            .filter(line -> line.startsWith("TenantModel") || line.startsWith("    ."))
            .collect(Collectors.joining());

    assertThat(model.replaceAll("\\s", "")).contains(suggested.replaceAll("\\s", ""));
  }

  private void follow(String command, List<String> shown) throws Exception {
    String actual = command;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      actual = actual.replace(label.getKey(), label.getValue());
    }
    List<String> printed = run(actual).lines().toList();
    assertThat(printed.stream().map(TutorialTest::constant).toList())
        .as(command)
        .isEqualTo(shown.stream().map(TutorialTest::constant).toList());
    List<String> here = labelsIn(printed);
    List<String> there = labelsIn(shown);
    for (int i = 0; i < there.size(); i++) {
      labels.put(there.get(i), here.get(i));
    }
  }

  private static String constant(String line) {
    return VARYING.matcher(line).replaceAll("…");
  }

  private static List<String> labelsIn(List<String> lines) {
    return LABEL.matcher(String.join("\n", lines)).results().map(found -> found.group()).toList();
  }

  /** Runs a command of the page as a shell would. */
  private String run(String line) throws Exception {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream screen = out;
    int into = Math.max(words.indexOf(">"), words.indexOf(">>"));
    Path file = null;
    if (into > 0) {
      file = folder.resolve(words.get(into + 1));
      screen = new ByteArrayOutputStream();
      if (words.get(into).equals(">")) {
        Files.deleteIfExists(file);
      }
      words = words.subList(0, into);
    }
    List<String> rest = words.subList(1, words.size());
    switch (words.get(0)) {
      case "sevenfold" -> sevenfold(rest, out, screen);
      case "sql" -> out.writeBytes(sql(rest).getBytes(StandardCharsets.UTF_8));
      case "rm" -> Files.delete(folder.resolve(rest.get(0)));
      case "head" -> {
        assertThat(rest.get(0)).isEqualTo("-2");
        for (String each : Files.readAllLines(folder.resolve(rest.get(1))).subList(0, 2)) {
          out.writeBytes((each + '\n').getBytes(StandardCharsets.UTF_8));
        }
      }
      default -> throw new AssertionError("the test does not know " + line);
    }
    if (file != null) {
      Files.write(file, out.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    return screen.toString(StandardCharsets.UTF_8).replace(folder.toString(), READER);
  }

  private void sevenfold(
      List<String> words, ByteArrayOutputStream out, ByteArrayOutputStream screen) {
    String[] arguments =
        words.stream()
            .map(word -> word.endsWith(".yml") ? folder.resolve(word).toString() : word)
            .toArray(String[]::new);
    int code = Sevenfold.run(Shell.capturing(out, screen), arguments);
    assertThat(code).as("%s: %s", words, screen).isZero();
  }

  private String sql(List<String> words) throws Exception {
    String what = words.get(1);
    String[] arguments = {
      folder.resolve(words.get(0)).toString(),
      what.endsWith(".sql") ? folder.resolve(what).toString() : what
    };
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader.loadClass("Sql").getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
