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
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A page of the documentation whose commands are followed, in a folder of examples. What they print
 * is what the page shows, but for labels, instants and sizes.
 */
final class ConsolePage {

  private static final Path EXAMPLE = Path.of("../examples/adopt");

  /** Where the reader of the page is. */
  private static final String READER = "/home/ann/adopt";

  private static final Pattern BLOCK =
      Pattern.compile("^```(\\S+) ?(\\S*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("(tenant|safety)_\\d+_(\\d{14}|\\d{4}-\\d\\d-\\d\\d)(-\\d+)?");

  /** What a command reads or writes, as the reader names it: in the folder. */
  private static final Pattern FILE = Pattern.compile("\\.(yml|json|tar\\.gz)$");

  /** What is another thing each time: instants, sizes, and labels. */
  private static final Pattern VARYING =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z\\s*|(?<=files, |gz: )\\d+(?= bytes)"
              + "|(?<=yes       (?:no|yes))\\s+\\d+$|"
              + LABEL.pattern()
              + "\\s*");

  private final String text;
  private final Path folder;

  /** The labels of the page, and those that are here in their place. */
  private final Map<String, String> labels = new LinkedHashMap<>();

  private ConsolePage(String text, Path folder) {
    this.text = text;
    this.folder = folder;
  }

  /** A page, and a copy of what its reader has. */
  static ConsolePage of(String page, Path temporary) throws IOException {
    Path folder = Files.createDirectory(temporary.toRealPath().resolve("adopt"));
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
    return new ConsolePage(Files.readString(Path.of("../docs").resolve(page)), folder);
  }

  /** The blocks of a language. */
  List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(3))
        .toList();
  }

  /** Writes a file of the page as it is in the end. */
  void write(String name) throws IOException {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(2).equals(name)) {
        Files.writeString(folder.resolve(name), blocks.group(3));
      }
    }
  }

  /** Runs every command of the page, and returns how many those were. */
  int follow() throws Exception {
    int commands = 0;
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String block = blocks.group(3);
      switch (blocks.group(1)) {
        case "yaml" -> Files.writeString(folder.resolve(blocks.group(2)), block);
        case "java" -> {} // compiled, and run, by tests of their own
        case "console" -> {
          for (String step : block.substring(2).split("\n\\$ ", -1)) {
            List<String> lines = step.lines().toList();
            follow(lines.get(0), lines.subList(1, lines.size()));
            commands++;
          }
        }
        default -> throw new AssertionError("a block of " + blocks.group(1));
      }
    }
    return commands;
  }

  private void follow(String command, List<String> shown) throws Exception {
    String actual = command;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      actual = actual.replace(label.getKey(), label.getValue());
    }
    List<String> printed = run(actual).lines().toList();
    assertThat(printed.stream().map(ConsolePage::constant).toList())
        .as(command)
        .isEqualTo(shown.stream().map(ConsolePage::constant).toList());
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
  String run(String line) throws Exception {
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
    String printed = screen.toString(StandardCharsets.UTF_8);
    for (String each : rest) {
      printed = printed.replace(folder.resolve(each).toString(), each);
    }
    return printed.replace(folder.toString(), READER);
  }

  private void sevenfold(
      List<String> words, ByteArrayOutputStream out, ByteArrayOutputStream screen) {
    String[] arguments =
        words.stream()
            .map(word -> FILE.matcher(word).find() ? folder.resolve(word).toString() : word)
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
