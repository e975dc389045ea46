package dev.sevenfold.testsupport;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The Java that documentation shows, compiled, so that what a reader copies works: blocks of
 * Markdown that are marked {@code java}, and blocks of code in Javadoc.
 *
 * <p>The blocks of one file become one class. A block that declares classes or methods becomes
 * members of it, any other block the body of a method that may throw anything. The class extends a
 * context: its fields are the variables that examples take for granted, its nested classes the
 * host's. A block that declares a variable of the same name means its own.
 *
 * <p>Use from one thread.
 */
public final class JavaExamples {

  private static final String SOURCES = "src/main/java/";
  private static final Pattern MARKDOWN = Pattern.compile("\\s*```java");
  private static final Pattern MARKDOWN_END = Pattern.compile("\\s*```");
  private static final Pattern JAVADOC = Pattern.compile("\\s*\\* <pre>\\{@code");
  private static final Pattern JAVADOC_END = Pattern.compile("\\s*\\* }</pre>");
  private static final Pattern JAVADOC_MARGIN = Pattern.compile("^\\s*\\* ?");

  /** What begins Javadoc's code in some way; only one of them is read. */
  private static final Pattern ANY_JAVADOC =
      Pattern.compile("\\s*\\* .*(<pre>\\s*\\{@code|\\{@snippet).*");

  private static final Pattern MEMBER =
      Pattern.compile(
          "\\s*(@|/\\*\\*|((public|static|final) )*(class|record|enum|interface|void) ).*");

  private final Class<?> context;
  private final StringBuilder imports = new StringBuilder();
  private final Map<Path, List<String>> sources = new TreeMap<>();
  private int count;

  private JavaExamples(Class<?> context) {
    this.context = context;
  }

  /** Examples that take this class for granted. It is alone in its package. */
  public static JavaExamples within(Class<?> context) {
    return new JavaExamples(context);
  }

  /** Lets examples use the public types of a package by their names. */
  public JavaExamples importing(String name) {
    imports.append("import ").append(name).append(".*; ");
    return this;
  }

  /**
   * Adds the examples of a file.
   *
   * @throws IllegalArgumentException if one of them begins as none should, or does not end
   */
  public JavaExamples of(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    // Each line stays where it is, so that the compiler names the right one.
    List<String> code = new ArrayList<>(Collections.nCopies(lines.size(), ""));
    boolean markdown = file.toString().endsWith(".md");
    int before = count;
    for (int i = 0; i < lines.size(); i++) {
      if ((markdown ? MARKDOWN : JAVADOC).matcher(lines.get(i)).matches()) {
        i = copy(file, lines, i, markdown, code);
        count++;
      } else if (!markdown && ANY_JAVADOC.matcher(lines.get(i)).matches()) {
        throw unreadable(file, i, "begin code of Javadoc with a line of <pre>{@code alone");
      }
    }
    if (count > before) {
      sources.put(file, code);
    }
    return this;
  }

  /** Copies the block that begins after a line, and returns the line that ends it. */
  private int copy(Path file, List<String> lines, int start, boolean markdown, List<String> code) {
    Pattern end = markdown ? MARKDOWN_END : JAVADOC_END;
    int line = start + 1;
    while (line < lines.size() && !end.matcher(lines.get(line)).matches()) {
      String text = lines.get(line);
      code.set(line, markdown ? text : JAVADOC_MARGIN.matcher(text).replaceFirst(""));
      line++;
    }
    if (line == lines.size() || line == start + 1) {
      throw unreadable(file, start, "end the example, on a line of its own");
    }
    if (!MEMBER.matcher(code.get(start + 1)).matches()) {
      code.set(start, "void example" + start + "() throws Exception {");
      code.set(line, "}");
    }
    return line;
  }

  private static IllegalArgumentException unreadable(Path file, int line, String what) {
    return new IllegalArgumentException(file + ":" + (line + 1) + ": " + what);
  }

  /** How many examples there are. */
  public int count() {
    return count;
  }

  /**
   * Compiles all of them with the class path of this process.
   *
   * @param folder an empty one, for what the compiler writes
   * @return what is wrong, each with file and line; empty if nothing is
   */
  public List<String> errors(Path folder) throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no JDK");
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<Source> units = sources.keySet().stream().map(this::source).toList();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
      compiler
          .getTask(null, files, found, List.of("-proc:none", "-Xmaxerrs", "1000"), null, units)
          .call();
    }
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(
            error ->
                (error.getSource() instanceof Source source ? source.file + ":" : "")
                    + error.getLineNumber()
                    + ": "
                    + error.getMessage(Locale.ROOT))
        .toList();
  }

  private Source source(Path file) {
    String name = "Examples" + Integer.toHexString(file.hashCode());
    List<String> lines = new ArrayList<>(sources.getOrDefault(file, List.of()));
    lines.set(
        0,
        "package %s; %sabstract class %s extends %s { %s"
            .formatted(
                context.getPackageName(),
                imports + typesOf(file),
                name,
                context.getCanonicalName(),
                lines.get(0)));
    return new Source(name, file, String.join("\n", lines) + "\n}");
  }

  /** An example of Javadoc means its own class, and may mean one that is declared inside. */
  private static String typesOf(Path file) {
    String path = file.toString();
    int sources = path.lastIndexOf(SOURCES);
    if (sources < 0 || !path.endsWith(".java")) {
      return "";
    }
    String type =
        path.substring(sources + SOURCES.length(), path.length() - ".java".length())
            .replace('/', '.');
    return "import %s; import %s.*; ".formatted(type, type);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final Path file;
    private final String code;

    Source(String name, Path file, String code) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.file = file;
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
